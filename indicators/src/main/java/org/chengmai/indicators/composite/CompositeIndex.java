package org.chengmai.indicators.composite;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.composite.IndexValue.Cap;
import org.chengmai.indicators.composite.IndexValue.Part;
import org.jspecify.annotations.Nullable;

/**
 * How one index is made of its inputs' scores. Immutable; the order of inputs never matters.
 *
 * @param code the index' code, such as {@code CVS-UTL-9000}
 * @param weights of the inputs
 * @param lifeLines inputs, with or without weight, whose worst grade the index' grade is never
 *     milder than: a mean hides a gas explosion
 * @param minCoverage the sum of weights that must be present, above 0 and at most 1
 * @param capsScore whether a life-line's grade also holds the score below that grade's bound
 */
public record CompositeIndex(
    String code,
    Weights weights,
    Set<String> lifeLines,
    Mean mean,
    double minCoverage,
    GradeBands bands,
    boolean capsScore) {
  /** 70 %: a default proposal, to be confirmed by the city. */
  public static final double DEFAULT_MIN_COVERAGE = 0.7;

  private static final double ROUNDING = 1e-9;

  public CompositeIndex {
    lifeLines = Collections.unmodifiableSortedSet(new TreeSet<>(lifeLines));
    if (!(minCoverage > 0 && minCoverage <= 1)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "%s: minimum coverage %s must be above 0 and at most 1".formatted(code, minCoverage));
    }
  }

  /** An index by weighted arithmetic mean, whose life-lines cap the grade and not the score. */
  public static CompositeIndex of(String code, Weights weights, Set<String> lifeLines) {
    return new CompositeIndex(
        code,
        weights,
        lifeLines,
        Mean.ARITHMETIC,
        DEFAULT_MIN_COVERAGE,
        GradeBands.defaults(),
        false);
  }

  /**
   * The index of one region and period.
   *
   * @param readings by input code; an absent one is missing, others than weights' and life-lines'
   *     are ignored
   */
  public IndexValue value(Map<String, Reading> readings) {
    return value(readings, Set.of());
  }

  /**
   * The same.
   *
   * @param resting inputs that have no value at that time of the year, which are not missing then
   */
  public IndexValue value(Map<String, Reading> readings, Set<String> resting) {
    List<Part> parts = parts(weights, readings);
    double coverage = coverage(weights, readings, resting);
    boolean isEnough = coverage > 0 && coverage >= minCoverage - ROUNDING;
    Optional<BigDecimal> uncapped =
        isEnough
            ? Optional.of(Scores.published(IndexValue.average(mean, parts)))
            : Optional.empty();
    Optional<Grade> own = uncapped.flatMap(score -> bands.grade(score.doubleValue()));
    Optional<Cap> cap =
        worst(readings).filter(l -> own.isEmpty() || l.grade().compareTo(own.get()) > 0);

    Remarks remarks = new Remarks();
    List<String> missing =
        parts.stream()
            .filter(p -> p.weight() > 0 && p.score() == null && !resting.contains(p.code()))
            .map(Part::code)
            .toList();
    if (!isEnough) {
      remarks.tooFew(coverage, minCoverage, missing);
    } else if (!missing.isEmpty()) {
      remarks.some(coverage, missing);
    }
    List<String> unknown =
        lifeLines.stream().filter(l -> isUnknown(readings.get(l)) && !resting.contains(l)).toList();
    if (!unknown.isEmpty()) {
      remarks.lifeLinesUnknown(unknown);
    }
    cap.ifPresent(c -> remarks.cap(c.code(), c.grade()));
    return new IndexValue(
        code,
        mean,
        uncapped.map(score -> capped(score, cap).doubleValue()).orElse(null),
        uncapped.map(BigDecimal::doubleValue).orElse(null),
        cap.map(Cap::grade).or(() -> own).orElse(null),
        coverage,
        cap.orElse(null),
        parts,
        remarks.toReasons());
  }

  /** The score that other weights would give, whatever their coverage. */
  double score(Weights others, Map<String, Reading> readings) {
    BigDecimal uncapped = Scores.published(IndexValue.average(mean, parts(others, readings)));
    return capped(uncapped, worst(readings)).doubleValue();
  }

  private BigDecimal capped(BigDecimal score, Optional<Cap> cap) {
    return capsScore && cap.isPresent() ? score.min(bands.top(cap.get().grade())) : score;
  }

  private Optional<Cap> worst(Map<String, Reading> readings) {
    @Nullable Cap worst = null;
    for (String lifeLine : lifeLines) {
      Reading reading = readings.get(lifeLine);
      Grade grade = reading == null ? null : reading.grade();
      if (grade != null && (worst == null || grade.compareTo(worst.grade()) > 0)) {
        worst = new Cap(lifeLine, grade);
      }
    }
    return Optional.ofNullable(worst);
  }

  /** The weights that are present, of those that could be. */
  private static double coverage(
      Weights weights, Map<String, Reading> readings, Set<String> resting) {
    double resters = 0;
    for (Map.Entry<String, Double> weight : weights.byCode().entrySet()) {
      boolean rests = resting.contains(weight.getKey()) && score(readings, weight.getKey()) == null;
      resters += rests ? weight.getValue() : 0;
    }
    double possible = 1 - resters;
    return possible <= ROUNDING ? 0 : Math.min(1, present(weights, readings) / possible);
  }

  private static double present(Weights weights, Map<String, Reading> readings) {
    double present = 0;
    for (Map.Entry<String, Double> weight : weights.byCode().entrySet()) {
      present += score(readings, weight.getKey()) == null ? 0 : weight.getValue();
    }
    return Math.min(1, present);
  }

  private static List<Part> parts(Weights weights, Map<String, Reading> readings) {
    double present = present(weights, readings);
    List<Part> parts = new ArrayList<>();
    weights
        .byCode()
        .forEach(
            (input, weight) -> {
              Double score = score(readings, input);
              double effective = score == null || present == 0 ? 0 : weight / present;
              parts.add(new Part(input, weight, effective, score));
            });
    return parts;
  }

  private static @Nullable Double score(Map<String, Reading> readings, String input) {
    Reading reading = readings.get(input);
    return reading == null ? null : reading.score();
  }

  private static boolean isUnknown(@Nullable Reading reading) {
    return reading == null || (reading.score() == null && reading.grade() == null);
  }
}
