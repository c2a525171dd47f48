package org.chengmai.indicators.definition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What one region contributes to one indicator in one period.
 *
 * @param parts of each of the indicator's components, in their order
 * @param n number of inputs
 */
record Contribution(List<Partial> parts, long n) {
  Contribution {
    parts = List.copyOf(parts);
  }

  /** The same partial for each of so many components, from no input. */
  static Contribution of(Partial partial, int components) {
    return new Contribution(Collections.nCopies(components, partial), 0);
  }

  /** Both together. */
  Contribution merge(Contribution other, List<Component> components) {
    List<Partial> merged = new ArrayList<>(components.size());
    for (int i = 0; i < components.size(); i++) {
      merged.add(parts.get(i).merge(other.parts.get(i), components.get(i).kind()));
    }
    return new Contribution(merged, n + other.n);
  }
}
