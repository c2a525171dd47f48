package org.chengmai.engine.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chengmai.engine.config.UserConfig;
import org.chengmai.indicators.Principal;

/**
 * The configured users, found by token. Tokens are 32 random bytes, so an unsalted SHA-256 is
 * enough to keep a stolen configuration from giving them away. Immutable.
 */
public final class Users {
  private final Map<String, Principal> byHash = new HashMap<>();

  public Users(List<UserConfig> users) {
    for (UserConfig user : users) {
      byHash.put(user.tokenHash(), new Principal(user.name(), user.role()));
    }
  }

  public Optional<Principal> byToken(String token) {
    return Optional.ofNullable(byHash.get(hash(token)));
  }

  /** A new token: 43 characters that are safe in a URL. */
  public static String newToken() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** What the configuration holds of a token. */
  public static String hash(String token) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
