@NullMarked
package org.chengmai.indicators.rootcause;

import org.jspecify.annotations.NullMarked;
