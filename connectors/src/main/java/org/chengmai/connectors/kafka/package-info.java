/** The event log: topics, writers and readers. */
@NullMarked
package org.chengmai.connectors.kafka;

import org.jspecify.annotations.NullMarked;
