package org.chengmai.indicators.definition;

import java.time.Duration;
import java.util.Optional;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.yaml.Key;
import org.jspecify.annotations.Nullable;

/**
 * A grade, when it begins and when it ends; {@code when} and {@code clear} follow {@link
 * Condition}.
 */
public record Threshold(
    Grade grade,
    String when,
    @Key("for") @Nullable Duration forAtLeast,
    @Nullable String clear,
    @Nullable Duration clearFor) {

  /** How long {@code when} must have held, zero if not stated. */
  public Duration holding() {
    return forAtLeast == null ? Duration.ZERO : forAtLeast;
  }

  /** How long {@code clear} must have held, zero if not stated. */
  public Duration clearing() {
    return clearFor == null ? Duration.ZERO : clearFor;
  }

  public Condition condition() {
    return Condition.parse(when);
  }

  /**
   * The condition that ends the grade; empty when it ends as soon as {@code when} does not hold.
   */
  public Optional<Condition> clearCondition() {
    return Optional.ofNullable(clear).map(Condition::parse);
  }
}
