/** Division codes over time: which codes are valid when, what replaced them, and how they nest. */
@NullMarked
package org.chengmai.indicators.region;

import org.jspecify.annotations.NullMarked;
