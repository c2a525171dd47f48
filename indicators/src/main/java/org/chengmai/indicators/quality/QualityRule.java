package org.chengmai.indicators.quality;

import java.time.Duration;
import java.util.Optional;
import org.chengmai.indicators.Grain;

/**
 * One rule of a definition's {@code quality}: pure, immutable, safe for several threads. A rule
 * that has too little to judge by says nothing, neither that a value passed nor that it failed.
 */
public sealed interface QualityRule
    permits Completeness,
        Constancy,
        Copies,
        CrossCheck,
        Digits,
        Duplicates,
        FlatLine,
        Freshness,
        Jump,
        Range {

  /** The key of the definition that states it, such as {@code jump}. */
  String id();

  /** What the rule finds in a value; empty if there is too little to judge by. */
  Optional<Finding> judge(Evidence evidence);

  /** How far before the judged period's end the rule reads; zero if it reads that value alone. */
  default Duration lookBack(Grain grain) {
    return Duration.ZERO;
  }

  /** How many periods {@link #window} has to hold for the rule to have a meaning. */
  default int leastPeriods() {
    return 0;
  }

  /** The time whose values are judged together. */
  default Duration window(Grain grain) {
    return lookBack(grain);
  }

  /** Whether the rule compares with other regions' values. */
  default boolean readsNeighbours() {
    return false;
  }

  /** Whether the rule compares n with the number of inputs that the definition expects. */
  default boolean readsExpected() {
    return false;
  }

  /**
   * Reads what a definition's {@code quality} states under a key.
   *
   * @throws org.chengmai.indicators.ChengmaiException INVALID_DEFINITION for a text that is not
   *     understood
   */
  static QualityRule parse(String key, String text) {
    RuleText words = new RuleText(text.strip());
    return switch (key) {
      case "completeness" -> Completeness.parse(words);
      case "freshness" -> Freshness.parse(words);
      case "jump" -> Jump.parse(words);
      case "flatline" -> FlatLine.parse(words);
      case "cross" -> CrossCheck.parse(words);
      case "duplicates" -> words.isDuration() ? Copies.parse(words) : Duplicates.parse(words);
      case "constancy" -> Constancy.parse(words);
      case "digits" -> Digits.parse(words);
      default -> throw RuleText.invalid("'%s' is not a quality rule".formatted(key));
    };
  }

  /** The rule that a unit's plausible range makes, both ends included. */
  static QualityRule range(double least, double greatest) {
    return new Range(least, greatest);
  }
}
