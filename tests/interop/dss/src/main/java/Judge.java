import eu.europa.esig.dss.detailedreport.jaxb.XmlSignature;
import eu.europa.esig.dss.detailedreport.jaxb.XmlValidationCertificateQualification;
import eu.europa.esig.dss.diagnostic.CertificateWrapper;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.policy.ValidationPolicyLoader;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;

/**
 * What the Commission's validator says about JAdES files, without any network.
 *
 * <p>Argument: a JSON file with "cases", by name an object of "file", "anchors" (paths of trust
 * anchors in PEM, for seals and timestamps alike: this validator has one set), "crls" (paths of
 * revocation lists) and, optionally, "at" (the time to judge at). Whatever else about withdrawal
 * counts comes from the file itself. Printed: a JSON object, for each case the list of its
 * signatures, or the error. Without trusted lists ({@link Lists}) no seal is qualified.
 */
public final class Judge {

  public static void main(String[] arguments) throws Exception {
    String text = Files.readString(Path.of(arguments[0]));
    Map<String, Object> said = new LinkedHashMap<>();
    object(JsonUtil.parseJson(text).get("cases"))
        .forEach((name, asked) -> said.put(name, judge(Asked.read(object(asked)))));
    System.out.println(JsonUtil.toJson(said));
  }

  /** One file, and what it is to be judged by. */
  record Asked(File file, List<?> anchors, List<?> crls, Date at) {

    static Asked read(Map<String, Object> asked) {
      Object at = asked.get("at");
      return new Asked(
          new File((String) asked.get("file")),
          (List<?>) asked.get("anchors"),
          (List<?>) asked.get("crls"),
          at == null ? null : Date.from(Instant.parse((String) at)));
    }

    CommonCertificateVerifier verifier() throws Exception {
      CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
      for (Object anchor : anchors) {
        trusted.addCertificate(DSSUtils.loadCertificate(new File((String) anchor)));
      }
      List<InputStream> streams = new ArrayList<>();
      for (Object list : crls) {
        streams.add(Files.newInputStream(Path.of((String) list)));
      }
      // The constructor takes away the sources that would look something up.
      CommonCertificateVerifier verifier = new CommonCertificateVerifier(true);
      verifier.setTrustedCertSources(trusted);
      verifier.setCrlSource(new ExternalResourcesCRLSource(streams.toArray(new InputStream[0])));
      return verifier;
    }
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(Object value) {
    return (Map<String, Object>) value;
  }

  private static Object judge(Asked asked) {
    try {
      return describe(reports(new FileDocument(asked.file()), asked, policy()));
    } catch (Exception error) {
      return Map.of("error", String.valueOf(error.getMessage()));
    }
  }

  static ValidationPolicy policy() {
    return ValidationPolicyLoader.fromDefaultValidationPolicy().create();
  }

  static Reports reports(DSSDocument document, Asked asked, ValidationPolicy policy)
      throws Exception {
    return reports(document, asked, asked.verifier(), policy);
  }

  /** By another verifier than the one that was asked for: it may know trusted lists. */
  static Reports reports(
      DSSDocument document, Asked asked, CertificateVerifier verifier, ValidationPolicy policy) {
    SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(document);
    validator.setCertificateVerifier(verifier);
    validator.setEnableEtsiValidationReport(false);
    if (asked.at() != null) {
      validator.setValidationTime(asked.at());
    }
    return validator.validateDocument(policy);
  }

  static List<Object> describe(Reports reports) {
    List<Object> signatures = new ArrayList<>();
    for (SignatureWrapper signature : reports.getDiagnosticData().getSignatures()) {
      Map<String, Object> row = describe(signature, reports.getSimpleReport());
      qualification(signature.getId(), reports, row);
      signatures.add(row);
    }
    return signatures;
  }

  /** ETSI TS 119 615: of the seal, and of its certificate at each of both times. */
  private static void qualification(String id, Reports reports, Map<String, Object> row) {
    row.put("qualification", reports.getSimpleReport().getSignatureQualification(id).getReadable());
    XmlSignature found = reports.getDetailedReport().getXmlSignatureById(id);
    for (XmlValidationCertificateQualification one :
        found.getValidationSignatureQualification().getValidationCertificateQualification()) {
      row.put(one.getValidationTime().name(), one.getCertificateQualification().getReadable());
    }
  }

  private static Map<String, Object> describe(SignatureWrapper signature, SimpleReport report) {
    CertificateWrapper certificate = signature.getSigningCertificate();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("indication", String.valueOf(report.getIndication(signature.getId())));
    row.put("sub_indication", String.valueOf(report.getSubIndication(signature.getId())));
    row.put("intact", signature.isSignatureIntact());
    row.put("level", String.valueOf(signature.getSignatureFormat()));
    row.put("algorithm", String.valueOf(signature.getSignatureAlgorithm()));
    row.put("signer", certificate == null ? null : certificate.getOrganizationName());
    row.put("structure", signature.getStructuralValidationMessages());
    row.put("time", String.valueOf(signature.getClaimedSigningTime() != null));
    row.put("best_time", text(report.getBestSignatureTime(signature.getId())));
    row.put("timestamps", timestamps(signature, report));
    row.put("errors", messages(report.getAdESValidationErrors(signature.getId())));
    row.put("warnings", messages(report.getAdESValidationWarnings(signature.getId())));
    return row;
  }

  private static List<Object> timestamps(SignatureWrapper signature, SimpleReport report) {
    List<Object> rows = new ArrayList<>();
    for (TimestampWrapper timestamp : signature.getTimestampList()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("type", String.valueOf(timestamp.getType()));
      row.put("time", text(timestamp.getProductionTime()));
      row.put("fits", timestamp.isMessageImprintDataFound() && timestamp.isMessageImprintDataIntact());
      row.put("indication", String.valueOf(report.getIndication(timestamp.getId())));
      row.put("sub_indication", String.valueOf(report.getSubIndication(timestamp.getId())));
      row.put("qualification", report.getTimestampQualification(timestamp.getId()).getReadable());
      rows.add(row);
    }
    return rows;
  }

  private static String text(Date date) {
    return date == null ? null : date.toInstant().toString();
  }

  private static List<String> messages(List<eu.europa.esig.dss.jaxb.object.Message> all) {
    return all.stream().map(eu.europa.esig.dss.jaxb.object.Message::getValue).toList();
  }
}
