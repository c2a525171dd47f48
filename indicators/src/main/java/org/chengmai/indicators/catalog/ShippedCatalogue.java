package org.chengmai.indicators.catalog;

import java.util.SortedMap;
import org.chengmai.indicators.yaml.YamlFolder;

/** The catalogue of the demo city's libraries: the YAML files of {@code indicators/catalog}. */
public final class ShippedCatalogue {
  private ShippedCatalogue() {}

  /** File name to text, as {@link DataCatalogue#load} takes it. */
  public static SortedMap<String, String> files() {
    return YamlFolder.shipped("/catalog/topic_env.yaml");
  }
}
