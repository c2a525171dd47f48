/**
 * Supervised child processes and the servers that we start ourselves: PostgreSQL, Kafka, Druid,
 * MariaDB.
 */
@NullMarked
package org.chengmai.connectors.process;

import org.jspecify.annotations.NullMarked;
