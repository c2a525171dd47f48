/**
 * Composite indices: how indicator values become scores from 0 to 100, how weights come about, and
 * how an index is made of them, graded and explained. Pure arithmetic over records: a {@link
 * org.chengmai.indicators.composite.Normalisation} gives scores, a {@link
 * org.chengmai.indicators.composite.CompositeIndex} makes them one value, an {@link
 * org.chengmai.indicators.composite.Explanation} tells what changed it.
 */
@NullMarked
package org.chengmai.indicators.composite;

import org.jspecify.annotations.NullMarked;
