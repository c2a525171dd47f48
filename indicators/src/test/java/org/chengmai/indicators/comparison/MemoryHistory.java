package org.chengmai.indicators.comparison;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A history in memory, written in China's time, that remembers what it was asked for. */
final class MemoryHistory implements History {
  static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  private final Map<Instant, Double> values = new HashMap<>();
  private final Set<Instant> asked = new HashSet<>();
  private @Nullable Instant beginning;

  /** A local date or date-time as an instant. */
  static Instant at(String local) {
    LocalDateTime time =
        local.contains("T") ? LocalDateTime.parse(local) : LocalDate.parse(local).atStartOfDay();
    return time.atZone(CHINA).toInstant();
  }

  MemoryHistory put(String local, double value) {
    return put(at(local), value);
  }

  MemoryHistory put(Instant period, double value) {
    values.put(period, value);
    return this;
  }

  MemoryHistory beginsAt(String local) {
    beginning = at(local);
    return this;
  }

  Set<Instant> asked() {
    return asked;
  }

  @Override
  public Optional<Double> value(Instant periodStart) {
    asked.add(periodStart);
    return Optional.ofNullable(values.get(periodStart));
  }

  @Override
  public Optional<Instant> beginning() {
    return Optional.ofNullable(beginning);
  }
}
