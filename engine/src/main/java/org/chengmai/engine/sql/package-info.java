/** Federated SQL: Calcite over every library, views, functions, limits, and results as Arrow. */
@NullMarked
package org.chengmai.engine.sql;

import org.jspecify.annotations.NullMarked;
