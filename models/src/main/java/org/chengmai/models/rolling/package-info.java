/** Forecasts judged on public series by a rolling origin. */
@NullMarked
package org.chengmai.models.rolling;

import org.jspecify.annotations.NullMarked;
