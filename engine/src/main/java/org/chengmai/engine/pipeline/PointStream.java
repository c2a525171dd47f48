package org.chengmai.engine.pipeline;

import java.time.Duration;
import org.chengmai.connectors.kafka.PointTopic;

/** The topic of points as one reader sees it. For one thread. */
interface PointStream extends AutoCloseable {

  /** Another one when the topic was made anew. */
  String topicId();

  /** Goes to an offset, or to the oldest record when that one is gone; answers where it is. */
  long seek(long offset);

  PointTopic.Batch poll(Duration timeout);

  @Override
  void close();

  static PointStream of(PointTopic topic) {
    PointTopic.Reader reader = topic.reader();
    return new PointStream() {
      @Override
      public String topicId() {
        return topic.id();
      }

      @Override
      public long seek(long offset) {
        return reader.seek(offset);
      }

      @Override
      public PointTopic.Batch poll(Duration timeout) {
        return reader.poll(timeout);
      }

      @Override
      public void close() {
        reader.close();
      }
    };
  }
}
