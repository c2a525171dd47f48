package org.chengmai.indicators.definition;

import java.util.Locale;

/** Why a definition is refused: a stable short name of each kind of problem. */
public enum Refusal {
  /** No YAML, an unknown or missing key, a value that cannot be read. */
  MALFORMED,
  UNKNOWN_SCHEMA,
  INVALID_CODE,
  DUPLICATE_CODE,
  INVALID_VERSION,
  INVALID_VALIDITY,
  /** What is computed from what, in general. */
  FORMULA,
  NON_ADDITIVE,
  INVALID_UNIT,
  INVALID_PERIOD,
  INVALID_DIMENSION,
  UNKNOWN_REGION_LEVEL,
  INVALID_REGION,
  INVALID_DETECTOR,
  INVALID_QUALITY,
  /** Who is told of an alert. */
  INVALID_ALERT,
  /** Whose data they are. */
  INVALID_GOVERNANCE,
  MISSING_THRESHOLD_SOURCE,
  INVALID_CONDITION,
  INVALID_THRESHOLD,
  THRESHOLDS_NOT_MILD_TO_SEVERE,
  THRESHOLD_OPPOSES_DIRECTION,
  DUPLICATE_BOUND,
  THRESHOLD_GAP,
  THRESHOLD_OVERLAP,
  CLEAR_WITHIN_WHEN,
  MISSING_TESTS,
  INVALID_TEST,
  FAILED_TEST,
  UNKNOWN_INDICATOR,
  INPUT_CYCLE,
  /** Inputs of a composite that cannot be scored or weighed. */
  INVALID_INDEX,
  UNKNOWN_CATALOGUE_CODE,
  UNKNOWN_CATALOGUE_TABLE,
  UNKNOWN_CATALOGUE_COLUMN,
  GRAIN_FINER_THAN_SOURCE,
  HISTORY_SHORTER_THAN_A_YEAR,
  UNIT_MISMATCH,
  INVALID_SQL;

  /** The name in messages, such as {@code unknown-catalogue-code}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
