/** SQL at a terminal or in a pipe, on an engine that runs elsewhere. */
@NullMarked
package org.chengmai.engine.shell;

import org.jspecify.annotations.NullMarked;
