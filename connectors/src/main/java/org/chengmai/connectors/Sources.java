package org.chengmai.connectors;

import java.util.Map;
import org.chengmai.connectors.druid.DruidConfig;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.http.JsonHttpConfig;
import org.chengmai.connectors.jdbc.JdbcConfig;

/** The kinds of sources by their name in the configuration; a new kind is one line here. */
public final class Sources {
  public static final Map<String, Class<? extends SourceConfig>> KINDS =
      Map.of(
          "jdbc", JdbcConfig.class,
          "file", FileConfig.class,
          "http", JsonHttpConfig.class,
          "druid", DruidConfig.class);

  private Sources() {}
}
