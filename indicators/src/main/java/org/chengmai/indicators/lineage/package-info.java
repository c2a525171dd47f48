/** Which columns an indicator is computed from, and what depends on a column. */
@NullMarked
package org.chengmai.indicators.lineage;

import org.jspecify.annotations.NullMarked;
