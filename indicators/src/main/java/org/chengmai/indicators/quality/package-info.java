/**
 * How far a value may be relied on: {@link org.chengmai.indicators.quality.QualityRule}s judge one
 * value by its inputs, its own past and its neighbours, and say what failed where; {@link
 * org.chengmai.indicators.quality.QualityScore} counts what passed, {@link
 * org.chengmai.indicators.quality.Feed} tells a feed that stopped from a period without data and
 * from a zero.
 */
@NullMarked
package org.chengmai.indicators.quality;

import org.jspecify.annotations.NullMarked;
