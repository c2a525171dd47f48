package org.chengmai.indicators.definition;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.jspecify.annotations.Nullable;

/**
 * What one run of an indicator's SQL gave for one series and period, before it has a revision.
 *
 * @param value rounded to the unit's decimals, null when missing
 * @param numerator of a ratio, or the sum of an average; unscaled
 * @param denominator of a ratio, or the count of an average
 * @param parts see {@link IndicatorPoint#parts()}
 * @param readings see {@link IndicatorPoint#readings()}: here what the inputs say, not the past
 * @param reasons why the trust is not complete, empty when it is
 */
public record Computed(
    SeriesKey key,
    int version,
    Instant periodStart,
    Grain grain,
    @Nullable Double value,
    @Nullable Double numerator,
    @Nullable Double denominator,
    long n,
    @Nullable String parts,
    Map<String, Double> readings,
    Trust trust,
    Reasons reasons) {

  /**
   * A value with the parts that it was computed from. An average carries numerator and denominator
   * as a ratio does, so that readers can recompute it over longer periods.
   */
  static Computed of(
      Member member,
      SeriesKey key,
      Instant periodStart,
      Grain grain,
      Contribution contribution,
      @Nullable Double value,
      Map<String, Double> readings,
      Trust trust,
      Reasons reasons) {
    Partial first = contribution.parts().get(0);
    boolean isQuotient =
        member.formula() == null
            && member.first().isQuotient()
            && first.isUsable(member.first().kind());
    return new Computed(
        key,
        member.definition().version(),
        periodStart,
        grain,
        value,
        isQuotient ? first.numerator() : null,
        isQuotient ? first.denominator() : null,
        contribution.n(),
        value == null ? null : Parts.write(member, contribution),
        readings,
        trust,
        reasons);
  }

  /**
   * Hash of code, version, value, numerator, denominator, n and readings. Numbers are taken to 12
   * digits: databases add doubles in any order, and the same inputs have to give the same hash.
   */
  public String inputHash() {
    String text =
        String.join(
            "|", key.code(), "" + version, part(value), part(numerator), part(denominator), "" + n);
    for (Map.Entry<String, Double> reading : new TreeMap<>(readings).entrySet()) {
      text += "|" + reading.getKey() + "=" + part(reading.getValue());
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String part(@Nullable Double number) {
    return number == null
        ? ""
        : new BigDecimal(number).round(new MathContext(12)).stripTrailingZeros().toString();
  }

  /** The point that is stored. */
  public IndicatorPoint toPoint(int revision, Instant computedAt) {
    return new IndicatorPoint(
        key,
        version,
        periodStart,
        grain,
        value,
        numerator,
        denominator,
        n,
        parts,
        readings,
        trust,
        revision,
        computedAt,
        inputHash());
  }
}
