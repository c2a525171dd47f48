package org.chengmai.connectors;

import java.nio.file.Path;

/**
 * What a kind of source needs to be opened; one record per kind, read from the configuration file.
 */
public interface SourceConfig {

  /**
   * Opens the source.
   *
   * @param library its name in SQL
   * @param work a folder of its own for transcoded and fetched data; made when needed
   */
  Source open(String library, Path work);
}
