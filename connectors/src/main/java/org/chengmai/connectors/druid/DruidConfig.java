package org.chengmai.connectors.druid;

import java.net.URI;
import java.nio.file.Path;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.SourceConfig;

/**
 * A Druid cluster.
 *
 * @param broker base address of a broker or router
 * @param coordinator base address of the coordinator
 */
public record DruidConfig(URI broker, URI coordinator) implements SourceConfig {

  @Override
  public Source open(String library, Path work) {
    return new DruidSource(library, new DruidClient(broker, coordinator), DruidTable.CHENGMAI);
  }
}
