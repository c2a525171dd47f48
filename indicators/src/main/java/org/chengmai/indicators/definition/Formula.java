package org.chengmai.indicators.definition;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.composite.CompositeIndex;
import org.chengmai.indicators.definition.IndicatorDefinition.Type;
import org.jspecify.annotations.Nullable;

/**
 * What is computed from what.
 *
 * @param caliber 统计口径: what is counted, in words
 * @param sql a whole query in place of from, where, time, region, value and ratio, see {@link
 *     WholeQuery}
 * @param from a table {@code schema.table} or a query in parentheses
 * @param where a condition on its rows
 * @param time the column or expression of event time, {@code ts} if absent
 * @param region the column or expression of the region code, {@code region} if absent
 * @param value one aggregate, such as {@code AVG(val)}
 * @param ratio numerator and denominator
 * @param measures of derived: aggregates by name
 * @param formula of derived: see {@link Expression}
 * @param scale multiplies the value; a ratio has its own
 * @param since of cumulative: {@code year} or {@code month}, from whose beginning inputs count
 * @param composite of composite: how the inputs make an index
 * @param count the aggregate that gives n, {@code COUNT(*)} if absent
 * @param expected inputs that a region has per period; n below {@code expected * min_coverage}
 *     makes the value partial
 * @param updateCycle how often the source brings a reading; a finer grain is refused
 * @param inputs {@code indicator:CVS-…} for indicators that this one reads, {@code catalog:…} for
 *     catalogue entries
 */
public record Formula(
    String caliber,
    Type type,
    @Nullable String sql,
    @Nullable String from,
    @Nullable String where,
    @Nullable String time,
    @Nullable String region,
    @Nullable String value,
    @Nullable Ratio ratio,
    Map<String, String> measures,
    @Nullable String formula,
    @Nullable Double scale,
    @Nullable String since,
    Composite composite,
    @Nullable String count,
    @Nullable Double expected,
    @Nullable Duration updateCycle,
    Additivity additivity,
    Missing missing,
    List<String> inputs) {

  /** How {@code inputs} name another indicator. */
  static final String INDICATOR = "indicator:";

  /** The same over another source and with another value. */
  Formula of(
      String source, @Nullable String aggregate, @Nullable Ratio quotient, @Nullable String n) {
    return new Formula(
        caliber,
        type,
        sql,
        source,
        null,
        null,
        null,
        aggregate,
        quotient,
        measures,
        null,
        quotient == null ? scale : null,
        since,
        composite,
        n,
        expected,
        updateCycle,
        additivity,
        missing,
        inputs);
  }

  /** The codes of the indicators that this one reads. */
  public List<String> indicators() {
    return inputs.stream()
        .filter(input -> input.startsWith(INDICATOR))
        .map(input -> input.substring(INDICATOR.length()))
        .toList();
  }

  String timeColumn() {
    return time == null ? "ts" : time;
  }

  String regionColumn() {
    return region == null ? "region" : region;
  }

  /** From the beginning of which period inputs count, null where it is the period itself. */
  @Nullable Grain accumulation() {
    return since == null ? null : Grain.of(since.equals("month") ? "P1M" : "P1Y");
  }

  double factor() {
    Double stated = ratio == null ? scale : ratio.scale();
    return stated == null ? 1 : stated;
  }

  /**
   * How an index is made of its inputs; their own {@code normalise} and {@code weight} make and
   * weigh their scores.
   *
   * @param mean {@code arithmetic} or {@code geometric}
   * @param minCoverage the sum of weights that must be present
   * @param lifelines inputs whose worst grade the index is never better than
   * @param ahp judgements of each input over the later ones, row by row, in place of the weights
   */
  public record Composite(
      String mean, double minCoverage, List<String> lifelines, List<Double> ahp) {
    static Composite defaults() {
      return new Composite("arithmetic", CompositeIndex.DEFAULT_MIN_COVERAGE, List.of(), List.of());
    }

    boolean isGeometric() {
      return mean.equals("geometric");
    }
  }

  /**
   * Numerator over denominator, each one SUM or COUNT; {@code zeroDen} has to be the text {@code
   * null}.
   */
  public record Ratio(String num, String den, @Nullable Double scale, @Nullable String zeroDen) {}

  /**
   * How several values make one: {@code sum}, {@code avg}, {@code max}, {@code recompute} or {@code
   * none}.
   *
   * @param time of several periods, see {@link TimeRollUp}; what the aggregate says if absent
   * @param region of several regions; {@code weighted(column)} too, the mean of the regions' values
   *     by a column that tells each region's weight
   */
  public record Additivity(@Nullable String time, String region) {
    private static final Pattern WEIGHTED = Pattern.compile("weighted\\(\\s*(\\w+)\\s*\\)");

    /** The column of the regions' weights, where values are weighed. */
    Optional<String> weight() {
      Matcher weighted = WEIGHTED.matcher(region);
      return weighted.matches() ? Optional.of(weighted.group(1)) : Optional.empty();
    }

    static Additivity defaults() {
      return new Additivity(null, "recompute");
    }
  }

  /**
   * What no input means: {@code gap}, {@code zero}, {@code carry} (the last value goes on) or
   * {@code interpolate} (a straight line between the neighbours, once the next one is known).
   *
   * @param maxCarry how far, from start to start, a measured value may lie from a period that it
   *     stands in for
   */
  public record Missing(String policy, Duration maxCarry, double minCoverage) {
    /** Whether values may be there that were not measured. */
    public boolean isEstimated() {
      return policy.equals("carry") || isInterpolated();
    }

    /** Whether they lie between their neighbours. */
    public boolean isInterpolated() {
      return policy.equals("interpolate");
    }

    static Missing defaults() {
      return new Missing("gap", Duration.ZERO, 0.75);
    }
  }
}
