/**
 * The quality of the sources' rows: when tables are judged by the rules of their contracts, what
 * was found, and the issues that departments are asked to mend.
 */
@NullMarked
package org.chengmai.engine.quality;

import org.jspecify.annotations.NullMarked;
