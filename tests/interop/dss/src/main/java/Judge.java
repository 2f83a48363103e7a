import eu.europa.esig.dss.diagnostic.CertificateWrapper;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jose4j.json.JsonUtil;

/**
 * What the Commission's validator says about JAdES files, without any network.
 *
 * <p>Arguments: a folder of trust anchors (.pem), a folder of revocation lists (.crl), then the
 * files. Printed: a JSON object, for each file the list of its signatures, or the error.
 */
public final class Judge {

  public static void main(String[] arguments) throws Exception {
    CommonCertificateVerifier verifier = verifier(Path.of(arguments[0]), Path.of(arguments[1]));
    Map<String, Object> said = new LinkedHashMap<>();
    for (int i = 2; i < arguments.length; i++) {
      File file = new File(arguments[i]);
      said.put(file.getName(), judge(new FileDocument(file), verifier));
    }
    System.out.println(JsonUtil.toJson(said));
  }

  private static CommonCertificateVerifier verifier(Path anchors, Path lists) throws Exception {
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    for (Path anchor : files(anchors, ".pem")) {
      trusted.addCertificate(DSSUtils.loadCertificate(anchor.toFile()));
    }
    List<InputStream> streams = new ArrayList<>();
    for (Path list : files(lists, ".crl")) {
      streams.add(Files.newInputStream(list));
    }
    // The constructor takes away the sources that would look something up.
    CommonCertificateVerifier verifier = new CommonCertificateVerifier(true);
    verifier.setTrustedCertSources(trusted);
    verifier.setCrlSource(new ExternalResourcesCRLSource(streams.toArray(new InputStream[0])));
    return verifier;
  }

  private static List<Path> files(Path folder, String suffix) throws Exception {
    try (Stream<Path> found = Files.list(folder)) {
      return found.filter(path -> path.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private static Object judge(DSSDocument document, CommonCertificateVerifier verifier) {
    try {
      SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(document);
      validator.setCertificateVerifier(verifier);
      Reports reports = validator.validateDocument();
      List<Object> signatures = new ArrayList<>();
      for (SignatureWrapper signature : reports.getDiagnosticData().getSignatures()) {
        signatures.add(describe(signature, reports.getSimpleReport()));
      }
      return signatures;
    } catch (RuntimeException error) {
      return Map.of("error", String.valueOf(error.getMessage()));
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
    row.put("errors", messages(report.getAdESValidationErrors(signature.getId())));
    row.put("warnings", messages(report.getAdESValidationWarnings(signature.getId())));
    return row;
  }

  private static List<String> messages(List<eu.europa.esig.dss.jaxb.object.Message> all) {
    return all.stream().map(eu.europa.esig.dss.jaxb.object.Message::getValue).toList();
  }
}
