package org.chengmai.models.evaluation;

import org.junit.jupiter.api.Nested;

/** The scorers that there are, each held to the contract. */
class RowScorersTest {

  @Nested
  class Operating extends QuietScorerContract {
    @Override
    RowScorer.Kind kind() {
      return SuiteScorers.operating();
    }
  }

  @Nested
  class SeasonalMedianWithThreshold extends SeasonalScorerContract {
    @Override
    RowScorer.Kind kind() {
      return Peers.deciding(
          "median", Peers.models().get("seasonal-median"), Peers.Decision.THRESHOLD, 8);
    }
  }

  @Nested
  class WindowedGaussianWithLikelihood extends RowScorerContract {
    @Override
    RowScorer.Kind kind() {
      return Peers.deciding(
          "gaussian", Peers.models().get("windowed-gaussian"), Peers.Decision.LIKELIHOOD, 3);
    }
  }
}
