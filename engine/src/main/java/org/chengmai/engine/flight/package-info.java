/** Arrow Flight SQL: what Grafana's SQL mode, ADBC and the Arrow JDBC driver speak. */
@NullMarked
package org.chengmai.engine.flight;

import org.jspecify.annotations.NullMarked;
