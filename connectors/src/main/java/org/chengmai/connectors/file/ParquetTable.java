package org.chengmai.connectors.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.sql.Statement;
import org.chengmai.connectors.duckdb.DuckDbSource;
import org.chengmai.connectors.duckdb.DuckDbTable;
import org.jspecify.annotations.Nullable;

/** A Parquet file, read where it lies: filters and projections reach it. */
final class ParquetTable implements DuckDbTable {
  private final FileConfig.FileTable config;
  private @Nullable FileTime loaded;

  ParquetTable(FileConfig.FileTable config) {
    this.config = config;
  }

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public boolean isStale() {
    try {
      return loaded == null || !loaded.equals(Files.getLastModifiedTime(config.path()));
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void load(Statement duckDb, Path work) throws IOException, SQLException {
    if (!Files.isReadable(config.path())) {
      throw new NoSuchFileException(config.path().toString());
    }
    FileTime changed = Files.getLastModifiedTime(config.path());
    String relation = "read_parquet(" + DuckDbSource.literal(config.path().toString()) + ")";
    duckDb.execute(
        "CREATE OR REPLACE VIEW %s AS SELECT %s FROM %s"
            .formatted(
                DuckDbSource.quoted(name()),
                DuckDbSource.utcColumns(duckDb, relation, config.zone()),
                relation));
    loaded = changed;
  }
}
