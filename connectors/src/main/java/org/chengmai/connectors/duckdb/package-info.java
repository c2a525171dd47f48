/** The embedded DuckDB that reads files for us. */
@NullMarked
package org.chengmai.connectors.duckdb;

import org.jspecify.annotations.NullMarked;
