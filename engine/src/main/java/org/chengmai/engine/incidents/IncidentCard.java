package org.chengmai.engine.incidents;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.models.incidents.Incident;
import org.chengmai.models.incidents.Residuals;
import org.jspecify.annotations.Nullable;

/** An incident as it is kept and told: as {@link Incident}, with numbers that people read. */
public record IncidentCard(
    String id,
    Instant start,
    @Nullable Instant end,
    Grade grade,
    @Nullable Double coincidence,
    List<Member> members) {

  /**
   * As {@link Incident.Member}.
   *
   * @param trace null in a list
   */
  public record Member(
      SeriesKey key,
      List<String> alerts,
      Grade grade,
      Instant onset,
      Duration lag,
      @Nullable Double correlation,
      @Nullable Double peak,
      List<SeriesKey> explains,
      double origin,
      @Nullable Trace trace) {}

  /** Residuals in standard deviations from a time on, one each step; null where unknown. */
  public record Trace(Instant from, Duration step, List<@Nullable Double> z) {}

  static IncidentCard of(Incident incident) {
    return new IncidentCard(
        incident.id(),
        incident.start(),
        incident.end(),
        incident.grade(),
        incident.coincidence(),
        incident.members().stream().map(IncidentCard::member).toList());
  }

  private static Member member(Incident.Member member) {
    return new Member(
        member.key(),
        member.alerts(),
        member.grade(),
        member.onset(),
        member.lag(),
        rounded(member.correlation()),
        rounded(member.peak()),
        member.explains(),
        Math.round(100 * member.origin()) / 100.0,
        member.trace() == null ? null : trace(member.trace()));
  }

  private static Trace trace(Residuals residuals) {
    List<@Nullable Double> z = new ArrayList<>();
    for (double one : residuals.z()) {
      z.add(rounded(one));
    }
    return new Trace(residuals.from(), residuals.step(), z);
  }

  private static @Nullable Double rounded(@Nullable Double value) {
    return value == null || value.isNaN() ? null : (Double) (Math.round(100 * value) / 100.0);
  }

  /** The same without the courses of its members. */
  IncidentCard inShort() {
    return new IncidentCard(
        id,
        start,
        end,
        grade,
        coincidence,
        members.stream()
            .map(
                one ->
                    new Member(
                        one.key,
                        one.alerts,
                        one.grade,
                        one.onset,
                        one.lag,
                        one.correlation,
                        one.peak,
                        one.explains,
                        one.origin,
                        null))
            .toList());
  }
}
