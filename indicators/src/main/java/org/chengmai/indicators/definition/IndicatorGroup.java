package org.chengmai.indicators.definition;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition.Type;
import org.chengmai.indicators.region.Regions;
import org.jspecify.annotations.Nullable;

/**
 * Indicators that one SQL computes, because they read the same rows: same {@code from}, time,
 * region, grain, zone, dimensions and beginning. The SQL asks for the parts of each value by base
 * region; {@link #read} makes values of them and of the regions above. Immutable.
 */
public final class IndicatorGroup {
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss[.SSS]").withZone(ZoneOffset.UTC);

  /** What two indicators have to share. */
  record Key(
      String from,
      String time,
      String region,
      Grain grain,
      ZoneId zone,
      List<String> dimensions,
      boolean isSnapshot,
      @Nullable Grain since,
      @Nullable String sample,
      @Nullable String alone) {
    static Key of(IndicatorDefinition definition) {
      Formula formula = definition.definition();
      return new Key(
          Objects.requireNonNull(formula.from()).strip(),
          formula.timeColumn(),
          formula.regionColumn(),
          definition.grain(),
          definition.period().zone(),
          definition.dimensions(),
          formula.type() == Type.SNAPSHOT,
          formula.accumulation(),
          Member.of(definition).sample(),
          // quotients of aggregates take no filter of their own
          formula.additivity().weight().isPresent() ? definition.code() : null);
    }
  }

  private final Key key;
  private final List<Member> members;
  private final Asked asked;
  private final Regions regions;
  private final Set<DataCatalogue.Entry> tables;

  /**
   * @param tables those of {@code from} that the catalogue describes
   */
  IndicatorGroup(
      Key key,
      List<IndicatorDefinition> definitions,
      Regions regions,
      Set<DataCatalogue.Entry> tables) {
    this.key = key;
    this.members = definitions.stream().map(Member::of).toList();
    this.asked = Asked.of(members);
    this.regions = regions;
    this.tables = Set.copyOf(tables);
  }

  /** A group of one. */
  static IndicatorGroup of(IndicatorDefinition definition, Regions regions) {
    return new IndicatorGroup(Key.of(definition), List.of(definition), regions, Set.of());
  }

  /** How much past all its tables declare to hold; zero where the catalogue describes none. */
  public Duration past() {
    return tables.stream()
        .map(entry -> entry.table().past())
        .min(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  public List<IndicatorDefinition> definitions() {
    return members.stream().map(Member::definition).toList();
  }

  public Grain grain() {
    return key.grain();
  }

  public ZoneId zone() {
    return key.zone();
  }

  /**
   * Whether the source states only what is now: such a group has one value, of the newest period.
   */
  public boolean isSnapshot() {
    return key.isSnapshot();
  }

  /**
   * How to ask which of its rows changed; empty where no table says it, and of a snapshot, which
   * knows no past.
   */
  public Optional<ChangeQuery> changes() {
    List<DataCatalogue.Entry> dated =
        tables.stream().filter(entry -> entry.table().updatedAt() != null).toList();
    return dated.isEmpty() || isSnapshot()
        ? Optional.empty()
        : Optional.of(new ChangeQuery(key, dated));
  }

  /** The day of a time in the group's zone. */
  LocalDate dateOf(Instant time) {
    return time.atZone(zone()).toLocalDate();
  }

  /** The places that its values are of. */
  public Regions regions() {
    return regions;
  }

  /**
   * How many inputs a region's value should rest on in a period: what the definition expects of
   * each region with rows of its own; empty where it does not say.
   */
  public OptionalDouble expected(IndicatorDefinition definition, String region, Instant period) {
    Double each = definition.definition().expected();
    return each == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            each * new BaseRegions(regions).count(definition, region, dateOf(period)));
  }

  /**
   * The starts of the whole periods that touch {@code from <= t < to}; only the last one for a
   * snapshot.
   */
  public List<Instant> periods(Instant from, Instant to) {
    if (!from.isBefore(to)) {
      return List.of();
    }
    List<Instant> starts = new ArrayList<>();
    Instant first = isSnapshot() ? to.minusMillis(1) : from;
    for (Instant start = grain().floor(first, zone());
        start.isBefore(to);
        start = grain().end(start, zone())) {
      starts.add(start);
    }
    return starts;
  }

  /** The SQL that computes every period touching {@code from <= t < to}, each one whole. */
  public String sql(Instant from, Instant to) {
    return sqlFrom(source(), from, to);
  }

  /** The same SQL without bounds of time, which tells where values come from. */
  public String sqlOfAllTime() {
    return select(source(), Instant.EPOCH, null);
  }

  private String source() {
    return key.from().startsWith("(") ? key.from() + " AS source" : key.from();
  }

  String sqlFrom(String source, Instant from, Instant to) {
    List<Instant> periods = periods(from, to);
    Instant first = periods.isEmpty() ? from : periods.get(0);
    Instant start = key.since() == null ? first : key.since().floor(first, zone());
    return select(
        source,
        start,
        periods.isEmpty() ? to : grain().end(periods.get(periods.size() - 1), zone()));
  }

  /**
   * @param end null for all time
   */
  private String select(String source, Instant start, @Nullable Instant end) {
    List<String> groups = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    List<String> conditions = new ArrayList<>();
    if (isSnapshot()) {
      columns.add(timestamp(start) + " AS period_start");
    } else {
      groups.add("TIME_FLOOR(%s, '%s', '%s')".formatted(key.time(), grain(), zone()));
      columns.add(groups.get(0) + " AS period_start");
      if (end != null) {
        conditions.add("%s >= %s".formatted(key.time(), timestamp(start)));
        conditions.add("%s < %s".formatted(key.time(), timestamp(end)));
      }
    }
    groups.add(key.region());
    columns.add(key.region() + " AS region_code");
    for (int i = 0; i < key.dimensions().size(); i++) {
      groups.add(key.dimensions().get(i));
      columns.add(key.dimensions().get(i) + " AS dim_" + i);
    }
    if (key.sample() != null) {
      groups.add(key.sample());
      columns.add(key.sample() + " AS sample");
    }
    if (asked.discriminator() != null) {
      groups.add(asked.discriminator());
      columns.add(asked.discriminator() + " AS discriminator");
    }
    columns.addAll(asked.columns());
    asked.condition().ifPresent(conditions::add);
    String where = conditions.isEmpty() ? "" : "\nWHERE " + String.join("\n  AND ", conditions);
    return columns.stream().collect(Collectors.joining(",\n  ", "SELECT\n  ", ""))
        + "\nFROM "
        + source
        + where
        + "\nGROUP BY "
        + String.join(", ", groups);
  }

  static String timestamp(Instant time) {
    String text = TIMESTAMP.format(time);
    return "TIMESTAMP '"
        + (text.endsWith(".000") ? text.substring(0, text.length() - 4) : text)
        + "'";
  }

  /**
   * Makes values of the result of {@link #sql} for the same {@code from} and {@code to}. Every
   * indicator without dimensions gets a value or a missing one for every period and region that it
   * covers; one with dimensions only for what is there.
   */
  public List<Computed> read(Table result, Instant from, Instant to) {
    GroupReader reader = new GroupReader(this, regions);
    reader.take(result);
    return reader.computed(periods(from, to));
  }

  /** As {@link #read(Table, Instant, Instant)}, from the first to the last period in the result. */
  public List<Computed> read(Table result) {
    GroupReader reader = new GroupReader(this, regions);
    reader.take(result);
    return reader.computed(reader.periodsTaken());
  }

  Key key() {
    return key;
  }

  List<Member> members() {
    return members;
  }

  Asked asked() {
    return asked;
  }

  @Override
  public String toString() {
    return "%s every %s from %s"
        .formatted(
            definitions().stream().map(IndicatorDefinition::code).collect(Collectors.joining(", ")),
            grain(),
            key.from());
  }
}
