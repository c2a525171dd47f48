package org.chengmai.engine.alerts;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Anomaly.Status;
import org.chengmai.indicators.json.Json;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The anomalies that hold now under alerts that stand for several series or detectors, in one
 * transaction. Such an alert is as grave as the gravest of them and over when the last is; it tells
 * of the gravest, and how many there are besides. A series and detector belong to the alert that
 * they are a part of until they are over, whatever definitions say meanwhile.
 */
final class AlertParts {
  private static final int NAMED = 3;

  private final Handle handle;
  private final AlertRules rules;

  /** By fingerprint, then by series and detector. */
  private final Map<String, Map<String, Anomaly>> parts = new HashMap<>();

  private final Map<String, String> owners = new HashMap<>();
  private final Set<String> changed = new TreeSet<>();

  AlertParts(Handle handle, AlertRules rules, List<Sighting> sightings) {
    this.handle = handle;
    this.rules = rules;
    String[] series =
        sightings.stream()
            .map(sighting -> sighting.anomaly().key().toString())
            .distinct()
            .toArray(String[]::new);
    handle
        .createQuery(
            "SELECT fingerprint, anomaly::text FROM chengmai.alert_part WHERE fingerprint ="
                + " ANY(:ruled) OR fingerprint IN (SELECT fingerprint FROM chengmai.alert_part"
                + " WHERE series = ANY(:series))")
        .bindArray(
            "ruled",
            String.class,
            sightings.stream().map(this::ruled).distinct().toArray(Object[]::new))
        .bindArray("series", String.class, (Object[]) series)
        .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(row -> put(row.getKey(), Json.read(row.getValue(), Anomaly.class)));
  }

  private void put(String fingerprint, Anomaly anomaly) {
    String own = Sighting.fingerprint(anomaly);
    parts.computeIfAbsent(fingerprint, one -> new TreeMap<>()).put(own, anomaly);
    owners.put(own, fingerprint);
  }

  private String ruled(Sighting sighting) {
    return rules.fingerprint(sighting.anomaly());
  }

  /** Under which fingerprints an alert may be that a sighting belongs to. */
  Stream<String> candidates(Sighting sighting) {
    String own = sighting.fingerprint();
    return Stream.of(own, ruled(sighting), owners.getOrDefault(own, own)).distinct();
  }

  /**
   * A sighting as the alert sees it that it belongs to.
   *
   * @param newest the newest alerts by fingerprint, of the candidates at least
   */
  Sighting see(Sighting sighting, Map<String, Alert> newest) {
    String own = sighting.fingerprint();
    Alert alone = newest.get(own);
    String fingerprint =
        owners.containsKey(own)
            ? owners.get(own)
            : alone != null && alone.state().isOpen() ? own : ruled(sighting);
    return fingerprint.equals(own)
        ? sighting
        : new Sighting(
            fingerprint,
            leading(fingerprint, sighting.anomaly(), newest.get(fingerprint)),
            sighting.at());
  }

  /** What the alert tells of once an anomaly is seen: that one when nothing holds any more. */
  private Anomaly leading(String fingerprint, Anomaly seen, @Nullable Alert alert) {
    String own = Sighting.fingerprint(seen);
    Map<String, Anomaly> holding = parts.computeIfAbsent(fingerprint, one -> new TreeMap<>());
    changed.add(fingerprint);
    if (seen.status() == Status.CLEARED) {
      holding.remove(own);
      owners.remove(own);
    } else {
      put(fingerprint, seen);
    }
    String told = alert == null ? own : Sighting.fingerprint(alert.latest());
    Anomaly first =
        holding.values().stream()
            .max(
                Comparator.<Anomaly, Boolean>comparing(one -> one.status() == Status.FIRING)
                    .thenComparing(Anomaly::grade)
                    // of equals the one that was told of already
                    .thenComparing(one -> Sighting.fingerprint(one).equals(told))
                    .thenComparing(Sighting::fingerprint, Comparator.reverseOrder()))
            .orElse(seen);
    return first.with(besides(first, holding.values().stream().toList()));
  }

  private static Reasons besides(Anomaly first, List<Anomaly> holding) {
    Set<String> others = new TreeSet<>();
    for (Anomaly one : holding) {
      if (one != first && one.status() == Status.FIRING) {
        others.add(one.key().equals(first.key()) ? one.detector() : Sighting.fingerprint(one));
      }
    }
    if (others.isEmpty()) {
      return new Reasons(List.of(), List.of());
    }
    String named = others.stream().limit(NAMED).collect(Collectors.joining(", "));
    String rest = others.size() > NAMED ? ", …" : "";
    return Reasons.of(
        "合并了另外 %d 路告警：%s%s".formatted(others.size(), named, rest),
        "%d more alarms are merged into this: %s%s".formatted(others.size(), named, rest));
  }

  void write() {
    if (changed.isEmpty()) {
      return;
    }
    handle
        .createUpdate("DELETE FROM chengmai.alert_part WHERE fingerprint = ANY(:changed)")
        .bindArray("changed", String.class, changed.toArray())
        .execute();
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO chengmai.alert_part (fingerprint, series, detector, anomaly)"
                + " VALUES (:fingerprint, :series, :detector, :anomaly::jsonb)");
    for (String fingerprint : changed) {
      for (Anomaly anomaly : parts.getOrDefault(fingerprint, Map.of()).values()) {
        batch
            .bind("fingerprint", fingerprint)
            .bind("series", anomaly.key().toString())
            .bind("detector", anomaly.detector())
            .bind("anomaly", Json.write(anomaly))
            .add();
      }
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }
}
