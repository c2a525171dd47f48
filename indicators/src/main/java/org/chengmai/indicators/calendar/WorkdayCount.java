package org.chengmai.indicators.calendar;

/**
 * How many working days lie between two dates.
 *
 * @param provisional true when a year on the way has no published list of holidays yet
 */
public record WorkdayCount(int days, boolean provisional) {}
