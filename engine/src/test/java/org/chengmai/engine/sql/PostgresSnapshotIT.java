package org.chengmai.engine.sql;

import org.chengmai.engine.RealServers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/** Of tables in PostgreSQL, read by binary COPY. */
@ExtendWith(RealServers.class)
final class PostgresSnapshotIT extends SnapshotContract {
  @Override
  String url() {
    return System.getProperty("chengmai.test.pg.url");
  }

  @Override
  @Nullable String user() {
    return System.getProperty("chengmai.test.pg.user");
  }

  @Override
  @Nullable String password() {
    return System.getProperty("chengmai.test.pg.password");
  }

  @Override
  String schema() {
    return "public";
  }
}
