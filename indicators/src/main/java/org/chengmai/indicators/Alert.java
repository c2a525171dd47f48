package org.chengmai.indicators;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One episode of something wrong, from pending to closed: a projection of the alert log.
 *
 * @param id ULID
 * @param fingerprint what makes two anomalies the same alert: series and detector
 * @param revision one higher at each change; acknowledging names the revision that was seen
 * @param count how many firing anomalies it stands for
 * @param latest the anomaly that changed it last
 */
public record Alert(
    String id,
    String fingerprint,
    AlertState state,
    Grade grade,
    int revision,
    Instant startsAt,
    Instant lastSeenAt,
    @Nullable Instant endsAt,
    int count,
    @Nullable String owner,
    @Nullable String note,
    Anomaly latest) {}
