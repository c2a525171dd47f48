/** Composite indices: how indicator values become scores from 0 to 100, and how these are weighed. */
@NullMarked
package org.chengmai.indicators.composite;

import org.jspecify.annotations.NullMarked;
