/**
 * The days of a Chinese city: working days and time limits counted in them, lunar dates and
 * festivals, the heating season, school terms, the sun, and which periods of an indicator count.
 */
@NullMarked
package org.chengmai.indicators.calendar;

import org.jspecify.annotations.NullMarked;
