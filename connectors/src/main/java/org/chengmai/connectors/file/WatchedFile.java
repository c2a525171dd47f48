package org.chengmai.connectors.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.sql.Statement;
import org.chengmai.connectors.duckdb.DuckDbTable;
import org.jspecify.annotations.Nullable;

/** A table over one file, loaded again when the file has changed. */
abstract class WatchedFile implements DuckDbTable {
  final FileConfig.FileTable config;
  private @Nullable FileTime loaded;

  WatchedFile(FileConfig.FileTable config) {
    this.config = config;
  }

  /** Creates or replaces the table from the file, which is there. */
  abstract void read(Statement duckDb, Path work) throws IOException, SQLException;

  @Override
  public final String name() {
    return config.name();
  }

  @Override
  public final boolean isStale() {
    try {
      return loaded == null || !loaded.equals(Files.getLastModifiedTime(config.path()));
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public final void load(Statement duckDb, Path work) throws IOException, SQLException {
    if (!Files.isReadable(config.path())) {
      throw new NoSuchFileException(config.path().toString());
    }
    FileTime changed = Files.getLastModifiedTime(config.path());
    read(duckDb, work);
    loaded = changed;
  }
}
