package org.chengmai.indicators.catalog;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.chengmai.indicators.yaml.Matches;
import org.jspecify.annotations.Nullable;

/**
 * What a table's owner promises of its rows, as the contract states it. Immutable.
 *
 * @param id names the rule within its table
 * @param column that is looked at, where the check is of one column
 * @param by columns that tell one series of rows from another, for {@code constancy}
 * @param condition of SQL over the columns of a row, for {@code cross}; a row whose condition is
 *     unknown passes
 * @param min least value, for {@code range}
 * @param max greatest value, for {@code range}
 * @param values that are allowed, for {@code values}
 * @param rows how many equal values in a row are too many, for {@code constancy}
 * @param decimals of the values, for {@code digits}
 * @param share of the rows that has to pass; for {@code digits} the least probability by chance
 * @param weight in scores
 */
public record TableRule(
    @Matches(value = "[a-z][a-z0-9-]*", says = "a name in small letters, digits and -") String id,
    Kind check,
    @Nullable String column,
    List<String> by,
    @Nullable String condition,
    @Nullable Double min,
    @Nullable Double max,
    List<String> values,
    @Nullable Integer rows,
    @Nullable Integer decimals,
    @Nullable Double share,
    @Nullable Double weight) {

  /** What is looked at. */
  public enum Kind {
    /** The column has a value, and no empty text. */
    COMPLETENESS,
    /** The column's number lies between bounds. */
    RANGE,
    /** The column has one of some values. */
    VALUES,
    /** Columns of a row agree with each other. */
    CROSS,
    /** No two rows have the same key. */
    DUPLICATES,
    /** A series does not repeat one number other than zero, as copied reports do. */
    CONSTANCY,
    /** Numbers have no favourite last digit, as invented ones do. */
    DIGITS,
    /** The column's text is a number of a citizen, GB 11643. */
    CITIZEN_ID,
    /** The column's text is a unified code of social credit, GB 32100. */
    CREDIT_CODE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public TableRule {
    boolean isOfColumn = check != Kind.CROSS && check != Kind.DUPLICATES;
    require(check, isOfColumn == (column != null), isOfColumn ? "needs a column" : "has no column");
    require(
        check,
        (check == Kind.CROSS) == (condition != null),
        check == Kind.CROSS ? "needs a condition" : "has no condition");
    require(
        check,
        (check == Kind.RANGE) == (min != null || max != null),
        check == Kind.RANGE ? "needs min, max or both" : "has no min and no max");
    require(check, min == null || max == null || min <= max, "has a min above its max");
    require(
        check,
        (check == Kind.VALUES) == !values.isEmpty(),
        check == Kind.VALUES ? "needs values" : "has no values");
    require(
        check,
        check == Kind.CONSTANCY ? rows != null && rows >= 2 : rows == null && by.isEmpty(),
        check == Kind.CONSTANCY ? "needs rows, 2 or more" : "has no rows and no by");
    require(
        check,
        check == Kind.DIGITS
            ? decimals != null && decimals >= 0 && decimals <= 9
            : decimals == null,
        check == Kind.DIGITS ? "needs decimals, 0 to 9" : "has no decimals");
    require(check, share == null || (share > 0 && share <= 1), "has a share of 0 to 1");
    require(check, weight == null || weight > 0, "has a weight above 0");
  }

  private static void require(Kind check, boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("a rule that checks %s %s".formatted(check, what));
    }
  }

  /** What {@link #share} is where the contract says nothing: all rows, or one in ten thousand. */
  public double leastShare() {
    return share != null ? share : check == Kind.DIGITS ? 1e-4 : 1;
  }

  /** The weight in scores, 1 where the contract says nothing. */
  public double weighs() {
    return weight == null ? 1 : weight;
  }

  /** The promise in Chinese. */
  public String zh() {
    return switch (check) {
      case COMPLETENESS -> column + " 不为空";
      case RANGE -> column + " 在合理范围内" + bounds();
      case VALUES -> column + " 取值为 " + String.join("、", values);
      case CROSS -> "应满足 " + condition;
      case DUPLICATES -> "主键不重复";
      case CONSTANCY -> "%s 不连续 %d 次相同".formatted(column, rows);
      case DIGITS -> column + " 无末位数字偏好";
      case CITIZEN_ID -> column + " 为有效公民身份号码";
      case CREDIT_CODE -> column + " 为有效统一社会信用代码";
    };
  }

  /** The promise in English. */
  public String en() {
    return switch (check) {
      case COMPLETENESS -> column + " is given";
      case RANGE -> column + " is plausible" + bounds();
      case VALUES -> column + " is one of " + String.join(", ", values);
      case CROSS -> Objects.requireNonNull(condition);
      case DUPLICATES -> "no two rows have the same key";
      case CONSTANCY -> "%s is not the same %d times in a row".formatted(column, rows);
      case DIGITS -> column + " has no favourite last digit";
      case CITIZEN_ID -> column + " is a valid number of a citizen";
      case CREDIT_CODE -> column + " is a valid unified code of social credit";
    };
  }

  private String bounds() {
    return " [%s, %s]".formatted(min == null ? "-∞" : min, max == null ? "∞" : max);
  }
}
