/**
 * The vocabulary of city vital signs and the pure computation over it: no technology, no threads,
 * no I/O.
 */
@NullMarked
package org.chengmai.indicators;

import org.jspecify.annotations.NullMarked;
