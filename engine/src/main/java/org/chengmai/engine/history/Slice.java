package org.chengmai.engine.history;

import java.time.Instant;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.chengmai.engine.pipeline.ComputationGroup;

/** A stretch of one group's past that one SQL computes: {@code from <= start < to}. */
record Slice(ComputationGroup group, Instant from, Instant to) {

  /** What is computed for when: a finished slice is known by it after a restart. */
  String name() {
    return new TreeMap<>(group.versions())
            .entrySet().stream()
                .map(code -> code.getKey() + ":" + code.getValue())
                .collect(Collectors.joining("+"))
        + "@%s %s/%s".formatted(group.grain(), from, to);
  }
}
