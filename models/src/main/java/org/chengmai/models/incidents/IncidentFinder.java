package org.chengmai.models.incidents;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * Finds the alarms that are one incident. Two that begin close together, or within a period of the
 * slower one, are, if one is computed from the other and both moved together as they rarely do.
 * Others are only if more begin close together than chance lets expect of so many alarms a day, and
 * if they moved together too: a coincidence of two independent faults is no incident. Pure: the
 * same alarms give the same incidents.
 */
public final class IncidentFinder {
  private final IncidentConfig config;
  private final Kinship kinship;

  public IncidentFinder(IncidentConfig config, Kinship kinship) {
    this.config = config;
    this.kinship = kinship;
  }

  /**
   * The incidents among the alarms of a stretch of time, by their beginning.
   *
   * @param residuals by series, on one grid; series without are judged by time and kinship alone
   */
  public List<Incident> find(
      List<Alarm> alarms, Map<SeriesKey, Residuals> residuals, Instant from, Instant to) {
    List<Voice> voices = Voice.of(alarms, residuals, config.near());
    Groups groups = new Groups(voices.size());
    for (int i = 0; i < voices.size(); i++) {
      for (int j = i + 1; j < voices.size(); j++) {
        if (!groups.areOne(i, j) && areKin(voices.get(i), voices.get(j))) {
          groups.join(i, j);
        }
      }
    }
    Map<Integer, Double> coincidences = new LinkedHashMap<>();
    joinStrangers(voices, groups, coincidences, Duration.between(from, to));
    List<Incident> found = new ArrayList<>();
    groups
        .members()
        .forEach(
            (root, members) -> {
              if (members.stream().map(i -> voices.get(i).key()).distinct().count() > 1) {
                found.add(
                    incident(
                        members.stream().map(voices::get).toList(),
                        coincidence(members, coincidences)));
              }
            });
    found.sort(Comparator.comparing(Incident::start).thenComparing(Incident::id));
    return found;
  }

  private static @Nullable Double coincidence(
      List<Integer> members, Map<Integer, Double> coincidences) {
    return members.stream()
        .map(coincidences::get)
        .filter(java.util.Objects::nonNull)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private boolean isNear(Voice one, Voice other) {
    return Duration.between(one.onset(), other.onset()).abs().compareTo(config.near()) <= 0;
  }

  private boolean areKin(Voice one, Voice other) {
    if (!kinship.isPartOf(one.key(), other.key()) && !kinship.isPartOf(other.key(), one.key())) {
      return false;
    }
    if (isNear(one, other)) {
      Together together = one.with(other, config);
      return together == null || together.chance() <= config.mostChance();
    }
    return isWithinPeriod(one, other) && movedTogether(one, other);
  }

  private static boolean isWithinPeriod(Voice one, Voice other) {
    Duration apart = Duration.between(one.onset(), other.onset()).abs();
    return apart.compareTo(one.period()) <= 0 || apart.compareTo(other.period()) <= 0;
  }

  /**
   * Joins groups that begin one close after the other, if so many so close are no coincidence among
   * all groups of the stretch, and if they moved together.
   */
  private void joinStrangers(
      List<Voice> voices, Groups groups, Map<Integer, Double> coincidences, Duration length) {
    List<Integer> firsts = groups.firsts();
    for (int i = 0; i < firsts.size(); ) {
      int end = i + 1;
      while (end < firsts.size()
          && isNear(voices.get(firsts.get(end - 1)), voices.get(firsts.get(end)))) {
        end++;
      }
      List<Integer> close = firsts.subList(i, end);
      if (close.size() > 1) {
        Duration span =
            Duration.between(
                voices.get(close.get(0)).onset(), voices.get(close.get(close.size() - 1)).onset());
        double chance = coincidence(close.size(), firsts.size(), span, length);
        if (chance <= config.mostCoincidence()) {
          joinMovers(voices, close, groups, coincidences, chance);
        }
      }
      i = end;
    }
  }

  private void joinMovers(
      List<Voice> voices,
      List<Integer> close,
      Groups groups,
      Map<Integer, Double> coincidences,
      double chance) {
    for (int a = 0; a < close.size(); a++) {
      for (int b = a + 1; b < close.size(); b++) {
        int one = close.get(a);
        int other = close.get(b);
        if (!groups.areOne(one, other) && movedTogether(voices.get(one), voices.get(other))) {
          groups.join(one, other);
          coincidences.put(one, chance);
        }
      }
    }
  }

  /** Whether each moved with the other as it rarely does. */
  private boolean movedTogether(Voice one, Voice other) {
    Together forth = one.with(other, config);
    Together back = other.with(one, config);
    return forth != null
        && back != null
        && Math.max(forth.chance(), back.chance()) <= config.mostChance();
  }

  /**
   * The chance that of {@code all} beginnings, spread evenly over a stretch, {@code close} lie
   * within a span: the share of random draws in which they do.
   */
  private double coincidence(int close, int all, Duration span, Duration length) {
    SplittableRandom random = new SplittableRandom(config.seed());
    // beginnings are known to a cell of five minutes at best
    double width = Math.max(span.toSeconds(), 300) / (double) Math.max(1, length.toSeconds());
    int asClose = 0;
    for (int draw = 0; draw < config.draws(); draw++) {
      double[] at = random.doubles(all).sorted().toArray();
      for (int i = 0; i + close <= all; i++) {
        if (at[i + close - 1] - at[i] <= width) {
          asClose++;
          break;
        }
      }
    }
    return (1.0 + asClose) / (1 + config.draws());
  }

  /**
   * The voices by onset. One of long periods that has an input which left its band within the first
   * of them left its own with that: its period tells no better.
   */
  private List<Voice> byOnset(List<Voice> voices) {
    return voices.stream()
        .map(
            voice ->
                voices.stream()
                    .filter(input -> kinship.isPartOf(input.key(), voice.key()))
                    .map(Voice::onset)
                    .filter(onset -> onset.isAfter(voice.onset()))
                    .filter(onset -> onset.isBefore(voice.onset().plus(voice.period())))
                    .min(Comparator.naturalOrder())
                    .map(voice::from)
                    .orElse(voice))
        .sorted(
            Comparator.comparing(Voice::onset)
                .thenComparing(Voice::period)
                .thenComparing(voice -> voice.key().toString()))
        .toList();
  }

  private Incident incident(List<Voice> found, @Nullable Double coincidence) {
    List<Voice> voices = byOnset(found);
    Voice first = voices.get(0);
    Instant end = null;
    if (voices.stream().allMatch(voice -> voice.end() != null)) {
      end =
          voices.stream()
              .map(voice -> java.util.Objects.requireNonNull(voice.end()))
              .max(Comparator.naturalOrder())
              .orElseThrow();
    }
    List<Incident.Member> members = new ArrayList<>();
    double strongest = voices.stream().mapToDouble(IncidentFinder::peak).max().orElse(1);
    for (Voice voice : voices) {
      members.add(member(voice, first, voices, strongest, end));
    }
    members.sort(
        Comparator.comparingDouble(Incident.Member::origin)
            .reversed()
            .thenComparing(Incident.Member::onset)
            .thenComparing(member -> member.key().toString()));
    return new Incident(
        first.alarms().get(0).id(),
        first.onset(),
        end,
        voices.stream().map(Voice::grade).max(Comparator.naturalOrder()).orElseThrow(),
        coincidence,
        members);
  }

  /** Where to look: what others are computed from, what was off earlier, what is farther off. */
  private Incident.Member member(
      Voice voice, Voice first, List<Voice> voices, double strongest, @Nullable Instant end) {
    List<SeriesKey> explains =
        voices.stream()
            .map(Voice::key)
            .filter(key -> !key.equals(voice.key()) && kinship.isPartOf(voice.key(), key))
            .distinct()
            .toList();
    double others = voices.size() - 1;
    double later =
        voices.stream().filter(other -> other.onset().isAfter(voice.onset())).count() / others;
    double origin =
        0.5 * Math.min(1, explains.size() / others)
            + 0.35 * later
            + 0.15 * peak(voice) / Math.max(1e-9, strongest);
    Residuals residuals = voice.residuals();
    Together together = voice == first ? null : first.with(voice, config);
    Duration lag =
        together == null
            ? Duration.between(first.onset(), voice.onset())
            : java.util.Objects.requireNonNull(residuals).step().multipliedBy(together.lag());
    return new Incident.Member(
        voice.key(),
        voice.alarms().stream().map(Alarm::id).toList(),
        voice.grade(),
        voice.onset(),
        lag,
        together == null ? null : (Double) together.correlation(),
        residuals == null ? null : (Double) peak(voice),
        explains,
        origin,
        residuals == null ? null : trace(residuals, first.onset(), end));
  }

  private Residuals trace(Residuals residuals, Instant start, @Nullable Instant end) {
    Instant last = start.plus(config.longest());
    Instant until = end == null || end.isAfter(last) ? last : end;
    Duration margin = Duration.ofHours(1);
    return residuals.part(residuals.cell(start.minus(margin)), residuals.cell(until.plus(margin)));
  }

  private static double peak(Voice voice) {
    Residuals residuals = voice.residuals();
    if (residuals == null) {
      return 0;
    }
    int begin = residuals.cell(voice.onset());
    Instant end = voice.end();
    int last = end == null ? residuals.z().length : residuals.cell(end) + 1;
    double peak = 0;
    for (int cell = Math.max(0, begin); cell < Math.min(last, residuals.z().length); cell++) {
      peak = Math.max(peak, Math.abs(residuals.at(cell)));
    }
    return peak;
  }

  /** Which voices are one, by number. */
  private static final class Groups {
    private final int[] root;

    Groups(int size) {
      root = new int[size];
      Arrays.setAll(root, i -> i);
    }

    private int find(int i) {
      int at = i;
      while (root[at] != at) {
        at = root[at];
      }
      return at;
    }

    boolean areOne(int one, int other) {
      return find(one) == find(other);
    }

    /** The smaller number stays the root: the group's first voice. */
    void join(int one, int other) {
      int a = find(one);
      int b = find(other);
      root[Math.max(a, b)] = Math.min(a, b);
    }

    List<Integer> firsts() {
      List<Integer> firsts = new ArrayList<>();
      for (int i = 0; i < root.length; i++) {
        if (root[i] == i) {
          firsts.add(i);
        }
      }
      return firsts;
    }

    Map<Integer, List<Integer>> members() {
      Map<Integer, List<Integer>> members = new LinkedHashMap<>();
      for (int i = 0; i < root.length; i++) {
        members.computeIfAbsent(find(i), one -> new ArrayList<>()).add(i);
      }
      return members;
    }
  }
}
