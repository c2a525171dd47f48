/**
 * The alert book: an event log in PostgreSQL, the rules by which alerts live, and the way to the
 * sinks.
 */
@NullMarked
package org.chengmai.engine.alerts;

import org.jspecify.annotations.NullMarked;
