package org.chengmai.engine.tls;

/**
 * Files in PEM form, by paths relative to the configuration.
 *
 * @param certificate the server's certificate first, then those between it and the root
 * @param key its private key, PKCS #8 without a password
 */
public record TlsConfig(String certificate, String key) {}
