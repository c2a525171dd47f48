/** Finding things by their names however people type them. */
@NullMarked
package org.chengmai.indicators.search;

import org.jspecify.annotations.NullMarked;
