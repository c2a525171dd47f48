/** The engine: starts the parts, wires them, stops them. */
@NullMarked
package org.chengmai.engine;

import org.jspecify.annotations.NullMarked;
