package org.chengmai.indicators.composite;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grade;

/**
 * The scores of an index below which its grades begin: at {@code blue} and above there is none,
 * from {@code yellow} to below {@code blue} it is blue, and so on; below {@code red} it is red. 60
 * is the warning line everywhere: whoever moves {@code yellow} moves the meaning of 60.
 */
public record GradeBands(double blue, double yellow, double orange, double red) {
  public GradeBands {
    boolean isFalling = 100 >= blue && blue > yellow && yellow > orange && orange > red && red > 0;
    if (!isFalling || !DoubleStream.of(blue, yellow, orange, red).allMatch(Scores::isPublished)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "bands: %s, %s, %s, %s must fall from at most 100 to above 0, by four decimals at most"
              .formatted(blue, yellow, orange, red));
    }
  }

  /** 80, 60, 40, 20: a default proposal, to be confirmed by the city. */
  public static GradeBands defaults() {
    return new GradeBands(80, 60, 40, 20);
  }

  /** The grade of a score from 0 to 100; empty where nothing is wrong. */
  public Optional<Grade> grade(double score) {
    Optional<Grade> worst = Optional.empty();
    for (Grade grade : Grade.values()) {
      worst = score < bound(grade) ? Optional.of(grade) : worst;
    }
    return worst;
  }

  /** The greatest published score that still has the grade or a worse one. */
  BigDecimal top(Grade grade) {
    return Scores.published(bound(grade)).subtract(Scores.UNIT);
  }

  private double bound(Grade grade) {
    return switch (grade) {
      case BLUE -> blue;
      case YELLOW -> yellow;
      case ORANGE -> orange;
      case RED -> red;
    };
  }
}
