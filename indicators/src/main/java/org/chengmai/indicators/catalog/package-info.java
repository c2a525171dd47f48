/**
 * The catalogue of the libraries: which tables and columns there are, and what their owners promise
 * of them.
 */
@NullMarked
package org.chengmai.indicators.catalog;

import org.jspecify.annotations.NullMarked;
