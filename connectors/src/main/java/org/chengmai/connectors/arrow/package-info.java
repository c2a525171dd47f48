/** Answers of sources as Arrow batches: the types, and what all readers share. */
@NullMarked
package org.chengmai.connectors.arrow;

import org.jspecify.annotations.NullMarked;
