package org.chengmai.indicators.yaml;

import java.io.StringReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Where each path of a YAML document stands, for checks that follow the reading. Immutable. */
public final class YamlLines {
  private final Map<String, Integer> lines = new HashMap<>();

  private YamlLines() {}

  /** Indexes one document; a broken one has no lines, {@link RecordReader} says why. */
  public static YamlLines of(String yaml) {
    YamlLines result = new YamlLines();
    try {
      Node root =
          new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(yaml));
      if (root != null) {
        result.collect(root, "", root.getStartMark().getLine() + 1);
      }
    } catch (YAMLException e) {
      return new YamlLines();
    }
    return result;
  }

  private void collect(Node node, String path, int line) {
    lines.put(path, line);
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key) {
          String child = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
          collect(tuple.getValueNode(), child, key.getStartMark().getLine() + 1);
        }
      }
    } else if (node instanceof SequenceNode sequence) {
      List<Node> elements = sequence.getValue();
      for (int i = 0; i < elements.size(); i++) {
        collect(
            elements.get(i), path + "[" + i + "]", elements.get(i).getStartMark().getLine() + 1);
      }
    }
  }

  /**
   * The line, from 1, of a path such as {@code thresholds[1].when}, or of the nearest thing around
   * it; 0 when unknown.
   */
  public int line(String path) {
    for (String at = path;
        ;
        at = at.substring(0, Math.max(at.lastIndexOf('.'), Math.max(at.lastIndexOf('['), 0)))) {
      Integer line = lines.get(at);
      if (line != null || at.isEmpty()) {
        return line == null ? 0 : line;
      }
    }
  }
}
