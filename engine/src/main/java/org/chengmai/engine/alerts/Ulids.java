package org.chengmai.engine.alerts;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Makes ULIDs: 48 bits of time and 80 of chance in 26 letters that sort by time. */
public final class Ulids {
  private static final char[] LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

  private final InstantSource clock;
  private final RandomGenerator random;

  public Ulids(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  public String next() {
    char[] id = new char[26];
    long millis = clock.millis();
    for (int i = 9; i >= 0; i--, millis >>>= 5) {
      id[i] = LETTERS[(int) (millis & 31)];
    }
    for (int i = 10; i < 26; i++) {
      id[i] = LETTERS[random.nextInt(32)];
    }
    return new String(id);
  }
}
