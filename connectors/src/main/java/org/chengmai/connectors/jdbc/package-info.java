/**
 * Databases behind JDBC: PostgreSQL and MariaDB, whose drivers we ship, and any other whose driver
 * is added.
 */
@NullMarked
package org.chengmai.connectors.jdbc;

import org.jspecify.annotations.NullMarked;
