package org.chengmai.connectors.feed;

import java.util.List;
import org.chengmai.indicators.Observation;

/**
 * The rows of one request or message: good ones and bad ones, each in the sender's order.
 *
 * @param feed name of the feed that read them
 * @param reading how they were read
 */
public record Batch(
    String feed, Reading reading, List<Observation> observations, List<BadRecord> bad) {
  public Batch {
    observations = List.copyOf(observations);
    bad = List.copyOf(bad);
  }

  public boolean isEmpty() {
    return observations.isEmpty() && bad.isEmpty();
  }

  public int rows() {
    return observations.size() + bad.size();
  }
}
