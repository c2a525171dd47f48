@NullMarked
package org.chengmai.indicators.quality;

import org.jspecify.annotations.NullMarked;
