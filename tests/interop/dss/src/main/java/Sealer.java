import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.JWSSerializationType;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.enumerations.SignaturePackaging;
import eu.europa.esig.dss.jades.JAdESSignatureParameters;
import eu.europa.esig.dss.jades.signature.JAdESService;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.token.DSSPrivateKeyEntry;
import eu.europa.esig.dss.token.Pkcs12SignatureToken;
import java.io.File;
import java.nio.file.Path;
import java.security.KeyStore.PasswordProtection;

/**
 * Seals of level B as the Commission's library makes them.
 *
 * <p>Arguments: a PKCS#12 file, its password, the file to seal, a folder. Written into the
 * folder: one file for each serialization, with the payload as it is and as base64url.
 */
public final class Sealer {

  public static void main(String[] arguments) throws Exception {
    PasswordProtection password = new PasswordProtection(arguments[1].toCharArray());
    DSSDocument document = new FileDocument(new File(arguments[2]));
    try (Pkcs12SignatureToken token = new Pkcs12SignatureToken(arguments[0], password)) {
      for (JWSSerializationType serialization : JWSSerializationType.values()) {
        for (boolean encoded : new boolean[] {true, false}) {
          if (encoded || serialization != JWSSerializationType.COMPACT_SERIALIZATION) {
            String name = serialization + (encoded ? ", base64url" : ", b64 false");
            seal(document, token, serialization, encoded)
                .save(Path.of(arguments[3], name).toString());
          }
        }
      }
    }
  }

  private static DSSDocument seal(
      DSSDocument document,
      Pkcs12SignatureToken token,
      JWSSerializationType serialization,
      boolean encoded) {
    DSSPrivateKeyEntry key = token.getKeys().get(0);
    JAdESSignatureParameters parameters = new JAdESSignatureParameters();
    parameters.setSignatureLevel(SignatureLevel.JAdES_BASELINE_B);
    parameters.setSignaturePackaging(SignaturePackaging.ENVELOPING);
    parameters.setJwsSerializationType(serialization);
    parameters.setBase64UrlEncodedPayload(encoded);
    parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
    parameters.setSigningCertificate(key.getCertificate());
    parameters.setCertificateChain(key.getCertificateChain());
    JAdESService service = new JAdESService(new CommonCertificateVerifier(true));
    ToBeSigned octets = service.getDataToSign(document, parameters);
    SignatureValue value = token.sign(octets, parameters.getDigestAlgorithm(), key);
    return service.signDocument(document, parameters, value);
  }
}
