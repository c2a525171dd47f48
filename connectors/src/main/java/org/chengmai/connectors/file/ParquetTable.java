package org.chengmai.connectors.file;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import org.chengmai.connectors.duckdb.DuckDbSource;

/** A Parquet file, read where it lies: filters and projections reach it. */
final class ParquetTable extends WatchedFile {
  ParquetTable(FileConfig.FileTable config) {
    super(config);
  }

  @Override
  void read(Statement duckDb, Path work) throws IOException, SQLException {
    String relation = "read_parquet(" + DuckDbSource.literal(config.path().toString()) + ")";
    duckDb.execute(
        "CREATE OR REPLACE VIEW %s AS SELECT %s FROM %s"
            .formatted(
                DuckDbSource.quoted(name()),
                DuckDbSource.utcColumns(duckDb, relation, config.zone()),
                relation));
  }
}
