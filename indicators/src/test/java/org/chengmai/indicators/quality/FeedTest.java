package org.chengmai.indicators.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FeedTest {
  private static final Duration WITHIN = Duration.ofMinutes(90);
  private static final Instant NOW = Instant.parse("2026-03-01T12:05:00Z");
  private static final Instant NEWEST = Instant.parse("2026-03-01T11:00:00Z");
  private static final Instant AN_HOUR_AGO = Instant.parse("2026-03-01T11:00:00Z");

  private static Feed feed(@Nullable Instant lastSeen, @Nullable Double value) {
    return Feed.of(lastSeen, WITHIN, NOW, NEWEST, value);
  }

  @Test
  void aStoppedFeedNoDataAndZeroAreThreeFacts() {
    Instant longAgo = NOW.minus(WITHIN).minusSeconds(1);
    Feed stopped = feed(longAgo, null);
    Feed noData = feed(AN_HOUR_AGO, null);
    Feed zero = feed(NOW.minusSeconds(300), 0.0);
    assertThat(stopped).isEqualTo(new Feed.Stopped(longAgo));
    assertThat(noData).isEqualTo(new Feed.NoData(NEWEST));
    assertThat(zero).isEqualTo(new Feed.Zero(NEWEST));
    assertThat(feed(NOW.minusSeconds(300), 3.0)).isEqualTo(new Feed.Running(NEWEST, 3));
    Set<String> texts = new HashSet<>();
    for (Feed feed : new Feed[] {stopped, noData, zero, feed(null, null)}) {
      texts.add(feed.state());
      texts.addAll(feed.reasons().zh());
      texts.addAll(feed.reasons().en());
    }
    assertThat(texts).hasSize(11);
  }

  @Test
  void anOldZeroIsAStoppedFeed() {
    assertThat(feed(NOW.minus(WITHIN).minusSeconds(1), 0.0)).isInstanceOf(Feed.Stopped.class);
    assertThat(feed(NOW.minus(WITHIN), 0.0)).isInstanceOf(Feed.Zero.class);
  }

  @Test
  void aFeedThatWasNeverSeenSaysSo() {
    assertThat(feed(null, null).reasons().en())
        .containsExactly("the feed stopped: no value of it is known");
    assertThat(feed(NOW.minusSeconds(9000), null).reasons().zh())
        .containsExactly("数据中断：自 2026-03-01T09:35:00Z 起");
  }
}
