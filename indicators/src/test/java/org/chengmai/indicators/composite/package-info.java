@NullMarked
package org.chengmai.indicators.composite;

import org.jspecify.annotations.NullMarked;
