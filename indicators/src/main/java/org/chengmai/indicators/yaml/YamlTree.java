package org.chengmai.indicators.yaml;

import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** A YAML document of any form, as maps, lists and plain values. */
public final class YamlTree {
  private YamlTree() {}

  /**
   * Reads one document.
   *
   * @throws ChengmaiException INVALID_DEFINITION with the place of what is wrong
   */
  public static Object read(String yaml) {
    try {
      return new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    } catch (YAMLException e) {
      throw new ChengmaiException(ErrorCode.INVALID_DEFINITION, "no YAML: " + e.getMessage(), e);
    }
  }
}
