/** Oracle Tribuo: trains and loads forecasters. Nothing of Tribuo is seen outside. */
@NullMarked
package org.chengmai.models.tribuo;

import org.jspecify.annotations.NullMarked;
