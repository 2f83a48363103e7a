import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.DSSException;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.tsl.Condition;
import eu.europa.esig.dss.model.tsl.ConditionForQualifiers;
import eu.europa.esig.dss.model.tsl.LOTLInfo;
import eu.europa.esig.dss.model.tsl.ParsingInfoRecord;
import eu.europa.esig.dss.model.tsl.TLInfo;
import eu.europa.esig.dss.model.tsl.TLValidationJobSummary;
import eu.europa.esig.dss.model.tsl.TrustService;
import eu.europa.esig.dss.model.tsl.TrustServiceProvider;
import eu.europa.esig.dss.model.tsl.TrustServiceStatusAndInformationExtensions;
import eu.europa.esig.dss.model.tsl.ValidationInfoRecord;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.client.http.DSSFileLoader;
import eu.europa.esig.dss.spi.tsl.TrustedListsCertificateSource;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.tsl.dto.condition.CertSubjectDNAttributeCondition;
import eu.europa.esig.dss.tsl.dto.condition.CompositeCondition;
import eu.europa.esig.dss.tsl.dto.condition.ExtendedKeyUsageCondition;
import eu.europa.esig.dss.tsl.dto.condition.KeyUsageCondition;
import eu.europa.esig.dss.tsl.dto.condition.PolicyIdCondition;
import eu.europa.esig.dss.tsl.function.OfficialJournalSchemeInformationURI;
import eu.europa.esig.dss.tsl.job.TLValidationJob;
import eu.europa.esig.dss.tsl.source.LOTLSource;
import eu.europa.esig.dss.tsl.source.TLSource;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jose4j.json.JsonUtil;

/**
 * What the Commission's library says of trusted lists, and of seals by these lists.
 *
 * <p>Argument: a JSON file with "worlds", by name an object of "files" (a path for each address:
 * nothing else is there), "signers" (paths of certificates in PEM), either "lotl" with "journal"
 * (a list of lists that is reached from that publication by its pivots) or "list" (one list that
 * these signers sign), "tell" (whether to print the services) and "seals", cases as of {@link
 * Judge}. Printed: for each world its "lists" by address and its "seals" by name.
 */
public final class Lists {

  public static void main(String[] arguments) throws Exception {
    // Whether the modulus of every key in a list is odd in some way takes half the time.
    System.setProperty("org.bouncycastle.rsa.max_mr_tests", "0");
    Map<String, Object> said = new LinkedHashMap<>();
    String text = Files.readString(Path.of(arguments[0]));
    for (var world : Judge.object(JsonUtil.parseJson(text).get("worlds")).entrySet()) {
      said.put(world.getKey(), new Lists(Judge.object(world.getValue())).answer());
    }
    System.out.println(JsonUtil.toJson(said));
  }

  private final Map<String, Object> world;
  private final TrustedListsCertificateSource trusted = new TrustedListsCertificateSource();

  private Lists(Map<String, Object> world) {
    this.world = world;
  }

  private Map<String, Object> answer() {
    boolean tell = Boolean.TRUE.equals(world.get("tell"));
    Map<String, Object> lists = new LinkedHashMap<>();
    TLValidationJobSummary summary = read();
    for (LOTLInfo lotl : summary.getLOTLInfos()) {
      lotl.getPivotInfos().forEach(pivot -> lists.put(pivot.getUrl(), describe(pivot, tell)));
      lists.put(lotl.getUrl(), describe(lotl, tell));
      lotl.getTLInfos().stream()
          .filter(list -> isAtHand(list.getUrl()))
          .forEach(list -> lists.put(list.getUrl(), describe(list, tell)));
    }
    summary.getOtherTLInfos().forEach(list -> lists.put(list.getUrl(), describe(list, tell)));
    Map<String, Object> seals = new LinkedHashMap<>();
    for (var seal : Judge.object(world.get("seals")).entrySet()) {
      seals.put(seal.getKey(), judge(Judge.Asked.read(Judge.object(seal.getValue()))));
    }
    return Map.of("lists", lists, "seals", seals);
  }

  private boolean isAtHand(String url) {
    return Judge.object(world.get("files")).containsKey(url);
  }

  private TLValidationJobSummary read() {
    TLValidationJob job = new TLValidationJob();
    ExecutorService threads = Executors.newCachedThreadPool();
    job.setExecutorService(threads);
    job.setOnlineDataLoader(new AtHand(Judge.object(world.get("files"))));
    job.setTrustedListCertificateSource(trusted);
    if (world.get("lotl") != null) {
      job.setListOfTrustedListSources(lotl());
    } else {
      TLSource source = new TLSource();
      source.setUrl((String) world.get("list"));
      source.setCertificateSource(signers());
      job.setTrustedListSources(source);
    }
    job.onlineRefresh();
    threads.shutdown();
    return job.getSummary();
  }

  private LOTLSource lotl() {
    LOTLSource source = new LOTLSource();
    source.setUrl((String) world.get("lotl"));
    source.setCertificateSource(signers());
    source.setSigningCertificatesAnnouncementPredicate(
        new OfficialJournalSchemeInformationURI((String) world.get("journal")));
    source.setPivotSupport(true);
    return source;
  }

  private CommonCertificateSource signers() {
    CommonCertificateSource signers = new CommonCertificateSource();
    for (Object path : (List<?>) world.get("signers")) {
      signers.addCertificate(DSSUtils.loadCertificate(new File((String) path)));
    }
    return signers;
  }

  /** The files that were handed over; every other address answers with an error. */
  private record AtHand(Map<String, Object> files) implements DSSFileLoader {

    @Override
    public DSSDocument getDocument(String url) {
      if (!files.containsKey(url)) {
        throw new DSSException("not at hand: " + url);
      }
      return new FileDocument(new File((String) files.get(url)));
    }
  }

  private Object judge(Judge.Asked asked) {
    try {
      CommonCertificateVerifier verifier = asked.verifier();
      verifier.addTrustedCertSources(trusted);
      DSSDocument document = new FileDocument(asked.file());
      return Judge.describe(Judge.reports(document, asked, verifier, Judge.policy()));
    } catch (Exception error) {
      return Map.of("error", String.valueOf(error.getMessage()));
    }
  }

  private static Map<String, Object> describe(TLInfo list, boolean tell) {
    Map<String, Object> row = new LinkedHashMap<>();
    ValidationInfoRecord signature = list.getValidationCacheInfo();
    ParsingInfoRecord read = list.getParsingCacheInfo();
    row.put("indication", String.valueOf(signature == null ? null : signature.getIndication()));
    row.put("sub_indication", signature == null ? null : text(signature.getSubIndication()));
    row.put("error", signature == null ? null : signature.getExceptionMessage());
    if (signature != null && signature.getSigningCertificate() != null) {
      row.put("signer", digest(signature.getSigningCertificate()));
    }
    if (read == null || !read.isResultExist()) {
      row.put("unread", read == null ? null : read.getExceptionMessage());
      return row;
    }
    row.put("version", read.getVersion());
    row.put("sequence", read.getSequenceNumber());
    row.put("territory", read.getTerritory());
    row.put("issued", text(read.getIssueDate()));
    row.put("next_update", text(read.getNextUpdateDate()));
    if (tell && read.getTrustServiceProviders() != null) {
      row.put("services", services(read.getTrustServiceProviders()));
    }
    return row;
  }

  private static List<Object> services(List<TrustServiceProvider> providers) {
    List<Object> rows = new ArrayList<>();
    for (TrustServiceProvider provider : providers) {
      for (TrustService service : provider.getServices()) {
        List<Object> states = new ArrayList<>();
        service.getStatusAndInformationExtensions().forEach(state -> states.add(state(state)));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("certificates", service.getCertificates().stream().map(Lists::digest).toList());
        row.put("states", states);
        rows.add(row);
      }
    }
    return rows;
  }

  private static Map<String, Object> state(TrustServiceStatusAndInformationExtensions state) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("type", state.getType());
    row.put("status", state.getStatus());
    row.put("since", text(state.getStartDate()));
    row.put("until", text(state.getEndDate()));
    row.put("additional", state.getAdditionalServiceInfoUris());
    List<Object> qualifiers = new ArrayList<>();
    for (ConditionForQualifiers one : state.getConditionsForQualifiers()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("names", one.getQualifiers());
      entry.put("criteria", criteria(one.getCondition()));
      qualifiers.add(entry);
    }
    row.put("qualifiers", qualifiers);
    return row;
  }

  /** A list of criteria as its kind followed by what it asks. */
  private static List<Object> criteria(Condition condition) {
    List<Object> row = new ArrayList<>();
    if (condition instanceof CompositeCondition all) {
      row.add(all.getMatchingCriteriaIndicator().getValue());
      all.getChildren().forEach(child -> row.add(criteria(child)));
    } else if (condition instanceof KeyUsageCondition usage) {
      row.addAll(List.of("usage", usage.getBit().getValue(), usage.getValue()));
    } else if (condition instanceof PolicyIdCondition policy) {
      row.addAll(List.of("policy", policy.getPolicyOid()));
    } else if (condition instanceof ExtendedKeyUsageCondition purposes) {
      row.add("purposes");
      row.addAll(purposes.getKeyPurposeIds());
    } else if (condition instanceof CertSubjectDNAttributeCondition attributes) {
      row.add("attributes");
      row.addAll(attributes.getAttributeOids());
    } else {
      row.add("unknown");
    }
    return row;
  }

  private static String digest(CertificateToken certificate) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(certificate.getEncoded()));
    } catch (java.security.NoSuchAlgorithmException error) {
      throw new IllegalStateException(error);
    }
  }

  private static String text(Object value) {
    if (value instanceof Date date) {
      return date.toInstant().toString();
    }
    return value == null ? null : value.toString();
  }
}
