import eu.europa.esig.dss.alert.SilentOnStatusAlert;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.JWSSerializationType;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.enumerations.SignaturePackaging;
import eu.europa.esig.dss.jades.JAdESSignatureParameters;
import eu.europa.esig.dss.jades.signature.JAdESService;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.service.crl.OnlineCRLSource;
import eu.europa.esig.dss.service.ocsp.OnlineOCSPSource;
import eu.europa.esig.dss.service.tsp.OnlineTSPSource;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.client.http.NativeHTTPDataLoader;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.aia.DefaultAIASource;
import eu.europa.esig.dss.token.DSSPrivateKeyEntry;
import eu.europa.esig.dss.token.Pkcs12SignatureToken;
import java.io.File;
import java.nio.file.Path;
import java.security.KeyStore.PasswordProtection;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Seals of level T, LT and LTA, and renewed ones, as the Commission's library makes them.
 *
 * <p>Arguments: a PKCS#12 file, its password, the trust anchor, the file to seal, the time of
 * sealing, the address at which the test authorities answer, a folder. They answer as of their
 * own clock; asking for "/later" moves it to the time of renewal. Written: a file for each
 * layout and level.
 */
public final class LateSealer {

  private static final SignatureLevel[] LEVELS = {
    SignatureLevel.JAdES_BASELINE_T, SignatureLevel.JAdES_BASELINE_LT,
    SignatureLevel.JAdES_BASELINE_LTA,
  };
  private static final NativeHTTPDataLoader WEB = new NativeHTTPDataLoader();

  public static void main(String[] arguments) throws Exception {
    String authorities = arguments[5];
    Path out = Path.of(arguments[6]);
    JAdESService service = service(new File(arguments[2]), authorities);
    PasswordProtection password = new PasswordProtection(arguments[1].toCharArray());
    Map<String, JAdESSignatureParameters> layouts = new LinkedHashMap<>();
    layouts.put("JSON, b64 false", parameters(JWSSerializationType.JSON_SERIALIZATION, false));
    layouts.put(
        "FLATTENED, base64url",
        parameters(JWSSerializationType.FLATTENED_JSON_SERIALIZATION, true));
    Map<String, DSSDocument> archived = new LinkedHashMap<>();
    try (Pkcs12SignatureToken token = new Pkcs12SignatureToken(arguments[0], password)) {
      for (String layout : layouts.keySet()) {
        JAdESSignatureParameters parameters = layouts.get(layout);
        parameters.bLevel().setSigningDate(Date.from(Instant.parse(arguments[4])));
        DSSDocument made = null;
        for (SignatureLevel level : LEVELS) {
          parameters.setSignatureLevel(level);
          made = made == null
              ? seal(service, new FileDocument(new File(arguments[3])), parameters, token)
              : service.extendDocument(made, parameters);
          String name = level.toString().replace("JAdES-BASELINE-", "");
          made.save(out.resolve(layout + ", " + name).toString());
        }
        archived.put(layout, made);
      }
    }
    WEB.get(authorities + "/later");
    for (String layout : archived.keySet()) {
      service
          .extendDocument(archived.get(layout), layouts.get(layout))
          .save(out.resolve(layout + ", renewed").toString());
    }
  }

  private static JAdESSignatureParameters parameters(JWSSerializationType type, boolean encoded) {
    JAdESSignatureParameters parameters = new JAdESSignatureParameters();
    parameters.setSignaturePackaging(SignaturePackaging.ENVELOPING);
    parameters.setJwsSerializationType(type);
    parameters.setBase64UrlEncodedPayload(encoded);
    parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
    return parameters;
  }

  private static DSSDocument seal(
      JAdESService service,
      DSSDocument document,
      JAdESSignatureParameters parameters,
      Pkcs12SignatureToken token) {
    DSSPrivateKeyEntry key = token.getKeys().get(0);
    parameters.setSigningCertificate(key.getCertificate());
    parameters.setCertificateChain(key.getCertificateChain());
    SignatureValue value =
        token.sign(
            service.getDataToSign(document, parameters), parameters.getDigestAlgorithm(), key);
    return service.signDocument(document, parameters, value);
  }

  private static JAdESService service(File anchor, String authorities) {
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    trusted.addCertificate(DSSUtils.loadCertificate(anchor));
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    verifier.setTrustedCertSources(trusted);
    verifier.setAIASource(new DefaultAIASource(WEB));
    verifier.setCrlSource(new OnlineCRLSource(WEB));
    verifier.setOcspSource(new OnlineOCSPSource(WEB));
    // The story takes place in the past of this machine's clock.
    verifier.setAlertOnExpiredCertificate(new SilentOnStatusAlert());
    verifier.setAlertOnNoRevocationAfterBestSignatureTime(new SilentOnStatusAlert());
    JAdESService service = new JAdESService(verifier);
    service.setTspSource(new OnlineTSPSource(authorities + "/tsa", WEB));
    return service;
  }
}
