import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.JWSSerializationType;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.enumerations.SignaturePackaging;
import eu.europa.esig.dss.jades.JAdESSignatureParameters;
import eu.europa.esig.dss.jades.signature.JAdESService;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.token.DSSPrivateKeyEntry;
import eu.europa.esig.dss.token.Pkcs12SignatureToken;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore.PasswordProtection;
import java.util.HashMap;
import java.util.Map;
import org.jose4j.json.JsonUtil;

/**
 * The Commission's library, started once and asked again and again, for benchmarks.
 *
 * <p>Argument: a JSON file with "cases" as for {@link Judge} and "seals", by name an object of
 * "p12", "password" and "file". Each line of the input is "validate NAME", "judge NAME" or "seal
 * NAME"; each is answered with one line: the indication, or the length of what was sealed. Files
 * and keys are in memory before the first line.
 */
public final class Warm {

  private final Map<String, Judge.Asked> cases = new HashMap<>();
  private final Map<String, byte[]> files = new HashMap<>();
  private final Map<String, Pkcs12SignatureToken> tokens = new HashMap<>();
  private final Map<String, DSSPrivateKeyEntry> keys = new HashMap<>();
  private final JAdESService service = new JAdESService(new CommonCertificateVerifier(true));
  private final ValidationPolicy policy = Judge.policy();

  public static void main(String[] arguments) throws Exception {
    Warm warm = new Warm(JsonUtil.parseJson(Files.readString(Path.of(arguments[0]))));
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ", 2);
      System.out.println(warm.answer(words[0], words[1]));
    }
  }

  private Warm(Map<String, Object> request) throws Exception {
    for (var named : Judge.object(request.get("cases")).entrySet()) {
      Judge.Asked asked = Judge.Asked.read(Judge.object(named.getValue()));
      cases.put(named.getKey(), asked);
      files.put(named.getKey(), Files.readAllBytes(asked.file().toPath()));
    }
    for (var named : Judge.object(request.get("seals")).entrySet()) {
      Map<String, Object> seal = Judge.object(named.getValue());
      PasswordProtection password =
          new PasswordProtection(((String) seal.get("password")).toCharArray());
      var token = new Pkcs12SignatureToken((String) seal.get("p12"), password);
      tokens.put(named.getKey(), token);
      keys.put(named.getKey(), token.getKeys().get(0));
      files.put(named.getKey(), Files.readAllBytes(Path.of((String) seal.get("file"))));
    }
  }

  private String answer(String verb, String name) throws Exception {
    return switch (verb) {
      case "judge" -> judge(name);
      case "validate" -> validate(name);
      default -> seal(name);
    };
  }

  /** With the policy in memory and without the report of ETSI. */
  private String judge(String name) throws Exception {
    DSSDocument document = new InMemoryDocument(files.get(name));
    return indication(Judge.reports(document, cases.get(name), policy));
  }

  /** As its documentation calls it. */
  private String validate(String name) throws Exception {
    DSSDocument document = new InMemoryDocument(files.get(name));
    SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(document);
    validator.setCertificateVerifier(cases.get(name).verifier());
    validator.setValidationTime(cases.get(name).at());
    return indication(validator.validateDocument());
  }

  private static String indication(Reports reports) {
    String signature = reports.getSimpleReport().getFirstSignatureId();
    return String.valueOf(reports.getSimpleReport().getIndication(signature));
  }

  private String seal(String name) throws Exception {
    DSSPrivateKeyEntry key = keys.get(name);
    JAdESSignatureParameters parameters = new JAdESSignatureParameters();
    parameters.setSignatureLevel(SignatureLevel.JAdES_BASELINE_B);
    parameters.setSignaturePackaging(SignaturePackaging.ENVELOPING);
    parameters.setJwsSerializationType(JWSSerializationType.JSON_SERIALIZATION);
    parameters.setBase64UrlEncodedPayload(false);
    parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
    parameters.setSigningCertificate(key.getCertificate());
    parameters.setCertificateChain(key.getCertificateChain());
    DSSDocument document = new InMemoryDocument(files.get(name));
    SignatureValue value =
        tokens.get(name).sign(
            service.getDataToSign(document, parameters), parameters.getDigestAlgorithm(), key);
    DSSDocument made = service.signDocument(document, parameters, value);
    return String.valueOf(((InMemoryDocument) made).getBytes().length);
  }
}
