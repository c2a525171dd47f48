package org.chengmai.engine.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with its chain and the key that belongs to it, as PEM texts. Its text form leaves
 * the key out.
 */
public final class ServerCertificate {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]*)-----END");

  private static final String CERTIFICATE_SETTING = "server.tls.certificate";
  private static final String KEY_SETTING = "server.tls.key";

  private final byte[] chain;
  private final byte[] key;
  private final X509Certificate own;

  private ServerCertificate(byte[] chain, byte[] key, X509Certificate own) {
    this.chain = chain;
    this.key = key;
    this.own = own;
  }

  /**
   * Reads both files.
   *
   * @param base the folder that relative paths start from
   * @throws ChengmaiException INVALID_DEFINITION naming the setting, the file and the cure when one
   *     cannot be read or used, when they do not belong together, or when the certificate is not
   *     valid at this time
   */
  public static ServerCertificate read(TlsConfig config, Path base, Instant now) {
    Path certificateFile = base.resolve(config.certificate());
    Path keyFile = base.resolve(config.key());
    byte[] chain = bytes(CERTIFICATE_SETTING, certificateFile);
    byte[] key = bytes(KEY_SETTING, keyFile);
    X509Certificate own = first(chain, certificateFile);
    if (!isPair(own.getPublicKey(), key(key, keyFile, own.getPublicKey().getAlgorithm()))) {
      throw strangers(keyFile, null);
    }
    checkTime(own, certificateFile, now);
    return new ServerCertificate(chain, key, own);
  }

  private static ChengmaiException problem(
      String setting, Path file, String what, @Nullable Exception cause) {
    return new ChengmaiException(
        ErrorCode.INVALID_DEFINITION, "%s: %s %s".formatted(setting, file, what), cause);
  }

  private static ChengmaiException strangers(Path keyFile, @Nullable Exception cause) {
    return problem(
        KEY_SETTING,
        keyFile,
        "does not belong to the certificate of %s; name the key that the certificate was made with, and the server's own certificate first in its file"
            .formatted(CERTIFICATE_SETTING),
        cause);
  }

  private static byte[] bytes(String setting, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw problem(
          setting,
          file,
          "cannot be read (%s); name a file that the engine's user may read"
              .formatted(e.getClass().getSimpleName()),
          e);
    }
  }

  private static X509Certificate first(byte[] chain, Path file) {
    try {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(chain))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!certificates.isEmpty()) {
        return certificates.get(0);
      }
    } catch (CertificateException e) {
      throw problem(CERTIFICATE_SETTING, file, notPem(), e);
    }
    throw problem(CERTIFICATE_SETTING, file, notPem(), null);
  }

  private static String notPem() {
    return "holds no certificate in PEM form, which begins with -----BEGIN CERTIFICATE-----";
  }

  private static PrivateKey key(byte[] pem, Path file, String algorithm) {
    Matcher found = KEY.matcher(new String(pem, StandardCharsets.ISO_8859_1));
    if (!found.find() || !found.group(1).isEmpty()) {
      throw problem(
          KEY_SETTING,
          file,
          "holds no key that begins with -----BEGIN PRIVATE KEY-----; make one of what it holds by: openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW",
          null);
    }
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(found.group(2));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw strangers(file, e);
    }
  }

  /** Whether what one signs, the other confirms. */
  private static boolean isPair(PublicKey open, PrivateKey secret) {
    byte[] text = "chengmai".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signature =
          Signature.getInstance(
              switch (open.getAlgorithm()) {
                case "RSA" -> "SHA256withRSA";
                case "EC" -> "SHA256withECDSA";
                default -> open.getAlgorithm();
              });
      signature.initSign(secret);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(open);
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static void checkTime(X509Certificate own, Path file, Instant now) {
    Instant from = own.getNotBefore().toInstant();
    Instant to = own.getNotAfter().toInstant();
    if (now.isBefore(from) || now.isAfter(to)) {
      throw problem(
          CERTIFICATE_SETTING,
          file,
          "is valid from %s to %s only, and clients would refuse it; name a valid one"
              .formatted(from, to),
          null);
    }
  }

  /** The certificate and those between it and the root, PEM. */
  public byte[] chain() {
    return chain.clone();
  }

  /** The private key, PEM. */
  public byte[] key() {
    return key.clone();
  }

  @Override
  public String toString() {
    return "%s, valid to %s"
        .formatted(own.getSubjectX500Principal().getName(), own.getNotAfter().toInstant());
  }
}
