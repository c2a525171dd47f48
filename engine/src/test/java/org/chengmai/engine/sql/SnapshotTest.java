package org.chengmai.engine.sql;

import org.jspecify.annotations.Nullable;

/** Of tables in H2. */
final class SnapshotTest extends SnapshotContract {
  @Override
  String url() {
    return "jdbc:h2:mem:snapshots;DB_CLOSE_DELAY=-1";
  }

  @Override
  @Nullable String user() {
    return null;
  }

  @Override
  @Nullable String password() {
    return null;
  }

  @Override
  String schema() {
    return "PUBLIC";
  }
}
