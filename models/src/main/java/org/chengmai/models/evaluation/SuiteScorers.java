package org.chengmai.models.evaluation;

import java.util.List;
import org.chengmai.models.DetectorConfig;
import org.chengmai.models.Detectors;

/** The product's own scorers, at the settings that it ships with. */
public final class SuiteScorers {

  private SuiteScorers() {}

  /**
   * What watches an indicator whose definition asks for nothing special. An outage is no alarm
   * here: a metro's rest at night would be.
   */
  public static RowScorer.Kind operating() {
    return DetectorScorer.kind(
        "operating",
        (grain, dayClass) -> {
          DetectorConfig usual = DetectorConfig.defaults(grain);
          return Detectors.of(
              new DetectorConfig(
                  grain,
                  usual.version(),
                  List.of(),
                  usual.seasonal(),
                  usual.alarms(),
                  0,
                  null,
                  usual.flatLine(),
                  usual.zeroMayRest(),
                  usual.forecast()),
              dayClass);
        });
  }
}
