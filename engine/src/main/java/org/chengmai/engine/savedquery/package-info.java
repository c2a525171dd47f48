/** Queries that users keep under names, in PostgreSQL. */
@NullMarked
package org.chengmai.engine.savedquery;

import org.jspecify.annotations.NullMarked;
