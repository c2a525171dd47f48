package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.util.List;
import org.chengmai.connectors.kafka.PointTopic;

/** A topic in memory that gives a few records at a time. */
final class MemoryStream implements PointStream {
  private final String topicId;
  private final List<PointTopic.Entry> entries;
  private final int atOnce;
  private int position;

  MemoryStream(String topicId, List<PointTopic.Entry> entries, int atOnce) {
    this.topicId = topicId;
    this.entries = entries;
    this.atOnce = atOnce;
  }

  @Override
  public String topicId() {
    return topicId;
  }

  @Override
  public long seek(long offset) {
    position = (int) offset;
    return position;
  }

  @Override
  public PointTopic.Batch poll(Duration timeout) {
    int end = Math.min(entries.size(), position + atOnce);
    List<PointTopic.Entry> batch = List.copyOf(entries.subList(position, end));
    position = end;
    return new PointTopic.Batch(batch, position, entries.size());
  }

  @Override
  public void close() {}
}
