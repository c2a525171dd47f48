package org.chengmai.engine.pgwire;

import java.util.List;
import org.chengmai.engine.sql.PreparedQuery;
import org.jspecify.annotations.Nullable;

/**
 * A statement that a client has prepared. Immutable.
 *
 * @param query null for a command of the session
 * @param types of the parameters as they come, by PostgreSQL's numbers
 */
record PreparedStatement(
    String sql, Command command, @Nullable PreparedQuery query, List<Integer> types) {}
