package org.chengmai.engine.config;

import java.util.regex.Pattern;
import org.chengmai.indicators.Role;

/**
 * One user of the engine.
 *
 * @param tokenHash {@code sha256:} and 64 hexadecimal digits, as {@code ./chengmai token} prints it
 */
public record UserConfig(String name, String tokenHash, Role role) {
  private static final Pattern HASH = Pattern.compile("sha256:[0-9a-f]{64}");

  public UserConfig {
    if (!HASH.matcher(tokenHash).matches()) {
      throw new IllegalArgumentException(
          "user %s: token_hash is not 'sha256:' and 64 hexadecimal digits; make one with ./chengmai token"
              .formatted(name));
    }
  }
}
