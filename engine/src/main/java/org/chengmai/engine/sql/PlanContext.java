package org.chengmai.engine.sql;

import java.time.Instant;
import java.util.Map;
import org.chengmai.connectors.Source;

/**
 * What a plan depends on beside its query. Immutable.
 *
 * @param libraries their sources by name
 * @param snapshots read in place of live tables
 */
record PlanContext(
    Instant now, Execution execution, Map<String, Source> libraries, FreshSnapshots snapshots) {}
