package org.chengmai.dashboards.grafana;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What has happened to lines and annotations so far; written by their owner, read by anyone. */
final class LiveCounters {
  final AtomicLong sent = new AtomicLong();
  final AtomicLong dropped = new AtomicLong();
  final AtomicLong queued = new AtomicLong();
  final AtomicLong unlisted = new AtomicLong();
  final AtomicLong annotated = new AtomicLong();
  final AtomicLong pending = new AtomicLong();
  final AtomicLong refused = new AtomicLong();
  final AtomicLong sockets = new AtomicLong();
  final AtomicLong posting = new AtomicLong();
  final AtomicReference<@Nullable String> problem = new AtomicReference<>();
}
