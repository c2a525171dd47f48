package org.chengmai.indicators.calendar;

import java.time.LocalDate;

/**
 * A date counted in working days.
 *
 * @param provisional true when a year on the way has no published list of holidays yet: compute it
 *     again once it has
 */
public record Workday(LocalDate date, boolean provisional) {}
