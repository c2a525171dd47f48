/**
 * Why a value changed: what each region or dimension value gave to the change of the whole, which
 * dimension explains most of it, and which other indicators moved. Pure arithmetic over records: an
 * {@link org.chengmai.indicators.rootcause.Attribution} sums exactly to the published change or
 * says why there is none.
 */
@NullMarked
package org.chengmai.indicators.rootcause;

import org.jspecify.annotations.NullMarked;
