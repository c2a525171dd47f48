/**
 * Chinese working days: which days are off, and the working day that lies some working days after
 * another.
 */
@NullMarked
package org.chengmai.indicators.calendar;

import org.jspecify.annotations.NullMarked;
