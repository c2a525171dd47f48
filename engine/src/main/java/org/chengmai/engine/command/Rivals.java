package org.chengmai.engine.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.chengmai.models.evaluation.Peers;
import org.chengmai.models.evaluation.Strangeness;
import org.chengmai.models.rcf.RandomCutForestModel;

/**
 * The peers that measurements name beside ours. The random cut forest is there when its jars are,
 * which the launcher adds to the class path of measurements alone.
 */
final class Rivals {
  static final String FOREST = "random-cut-forest";

  private Rivals() {}

  static Map<String, Strangeness.Making> all() {
    Map<String, Strangeness.Making> all = new LinkedHashMap<>(Peers.models());
    if (hasForest()) {
      all.put(FOREST, RandomCutForestModel.making());
    } else {
      System.err.println(
          "the random cut forest is left out: its jars are in a clone's build only, not in the distribution");
    }
    return all;
  }

  static boolean hasForest() {
    return Rivals.class.getResource("/com/amazon/randomcutforest/RandomCutForest.class") != null;
  }
}
