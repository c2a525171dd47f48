/** The query log: who asked what, and what became of it, in PostgreSQL for a while. */
@NullMarked
package org.chengmai.engine.querylog;

import org.jspecify.annotations.NullMarked;
