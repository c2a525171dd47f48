package org.chengmai.indicators.definition;

import java.util.SortedMap;
import org.chengmai.indicators.yaml.YamlFolder;

/** The definitions that come with the product: the YAML files of {@code indicators/definitions}. */
public final class ShippedDefinitions {
  private ShippedDefinitions() {}

  /** File name to text, as {@link IndicatorCatalogue#load} takes it. */
  public static SortedMap<String, String> files() {
    return YamlFolder.shipped("/definitions/CVS-ENV-0001.yaml");
  }
}
