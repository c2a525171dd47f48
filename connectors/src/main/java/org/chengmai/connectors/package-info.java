/**
 * Systems we read from: a source is someone's data as a schema; how each kind does it is in the
 * package of its technology.
 */
@NullMarked
package org.chengmai.connectors;

import org.jspecify.annotations.NullMarked;
