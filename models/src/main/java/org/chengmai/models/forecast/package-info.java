/** Forecasts of the next hour, day and week: what they look at, and how they are judged. */
@NullMarked
package org.chengmai.models.forecast;

import org.jspecify.annotations.NullMarked;
