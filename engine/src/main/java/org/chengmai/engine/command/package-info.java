/** The command line. */
@NullMarked
package org.chengmai.engine.command;

import org.jspecify.annotations.NullMarked;
