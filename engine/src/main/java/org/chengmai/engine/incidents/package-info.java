/** City-wide incidents: which alerts are one happening, kept and told. */
@NullMarked
package org.chengmai.engine.incidents;

import org.jspecify.annotations.NullMarked;
