package org.chengmai.engine.savedquery;

import java.time.Instant;

/**
 * A query under a name. Immutable.
 *
 * @param name unique among its user's
 * @param savedAt when it was saved last
 */
public record SavedQuery(String name, String sql, Instant savedAt) {}
