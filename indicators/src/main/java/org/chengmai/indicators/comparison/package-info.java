/**
 * A period compared with others: with the year, the period or the week before, with the same slot
 * of the last weeks, with a median, a trend and a rolling sum. {@link
 * org.chengmai.indicators.comparison.Comparison} answers every measure of a condition that looks at
 * an indicator's own history, with a value or with the reason why there is none.
 */
@NullMarked
package org.chengmai.indicators.comparison;

import org.jspecify.annotations.NullMarked;
