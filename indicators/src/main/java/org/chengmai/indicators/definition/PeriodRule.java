package org.chengmai.indicators.definition;

import java.time.Duration;
import java.time.ZoneId;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.jspecify.annotations.Nullable;

/**
 * The periods. A period is computed {@code watermark} after its end; inputs that are at most {@code
 * lateness} late make a new revision. The {@code calendar} says which periods have a value, see
 * {@link PeriodCalendar}; {@code weekdays} classes days by the day of the week alone, without
 * China's days off. {@code revisions} is read and not used yet.
 */
public record PeriodRule(
    Grain grain,
    @Nullable String tz,
    @Nullable String calendar,
    Duration watermark,
    Duration lateness,
    @Nullable String revisions) {

  public ZoneId zone() {
    return ZoneId.of(tz == null ? "Asia/Shanghai" : tz);
  }
}
