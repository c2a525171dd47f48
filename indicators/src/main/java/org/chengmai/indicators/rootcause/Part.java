package org.chengmai.indicators.rootcause;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A region or a dimension value in two periods; also the whole that such parts make up.
 *
 * @param name tells parts apart, such as a division code
 * @param before null where the part was there and its amount is not known; {@link Amount#NONE}
 *     where it was not there
 * @param after as {@code before}
 */
public record Part(String name, @Nullable Amount before, @Nullable Amount after) {

  boolean isKnown() {
    return before != null && after != null;
  }

  boolean isNegative() {
    return from().isNegative() || to().isNegative();
  }

  /** The amount before, of a part that is known. */
  Amount from() {
    return Objects.requireNonNull(before, name);
  }

  /** The amount after, of a part that is known. */
  Amount to() {
    return Objects.requireNonNull(after, name);
  }
}
