/**
 * Indicator definitions: their schema, what is refused, and the SQL that computes them. A file is
 * an {@link org.chengmai.indicators.definition.IndicatorDefinition}; all files together are an
 * {@link org.chengmai.indicators.definition.IndicatorCatalogue}; indicators that one SQL computes
 * are an {@link org.chengmai.indicators.definition.IndicatorGroup}.
 */
@NullMarked
package org.chengmai.indicators.definition;

import org.jspecify.annotations.NullMarked;
