package org.chengmai.engine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.chengmai.indicators.catalog.CatalogLibrary.Column;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.definition.Domain;

/** Drafts of indicators over the tables of a catalogue, as many as wanted; none is wrong. */
public final class GeneratedDrafts {
  private static final List<String> AGGREGATES = List.of("SUM", "AVG", "MIN", "MAX");
  private static final List<String> NUMBERS = List.of("bigint", "integer", "smallint", "double");

  private final List<DataCatalogue.Entry> tables;

  /** The drafts' grain. */
  private static final Duration DAY = Duration.ofDays(1);

  private final Random random;

  public GeneratedDrafts(DataCatalogue catalogue, long seed) {
    this.tables =
        catalogue.entries().stream()
            .filter(
                entry ->
                    !places(entry).isEmpty()
                        && entry.table().cycle().compareTo(DAY) <= 0
                        && !times(entry).isEmpty()
                        && !numbers(entry).isEmpty())
            .toList();
    this.random = new Random(seed);
  }

  /** Writes them into a folder, one file each; at most 10,000 for each domain. */
  public void write(Path folder, int count) throws IOException {
    Domain[] domains = Domain.values();
    for (int i = 0; i < count; i++) {
      Domain domain = domains[i % domains.length];
      String code = "CVS-%s-%04d".formatted(domain.prefixes().get(0), i / domains.length);
      Files.writeString(
          folder.resolve(code + ".yaml"), draft(code, domain.name().toLowerCase(Locale.ROOT)));
    }
  }

  private String draft(String code, String domain) {
    DataCatalogue.Entry entry = tables.get(random.nextInt(tables.size()));
    Column time = times(entry).get(0);
    List<Column> numbers = numbers(entry);
    Column number = numbers.get(random.nextInt(numbers.size()));
    boolean isRatio = random.nextInt(3) == 0;
    String formula =
        isRatio
            ? "ratio: {num: 'SUM(CASE WHEN %s > %d THEN 1 END)', den: COUNT(*), scale: 100, zero_den: \"null\"}"
                .formatted(number.name(), random.nextInt(100))
            : "value: %s(%s)"
                .formatted(AGGREGATES.get(random.nextInt(AGGREGATES.size())), number.name());
    int bound = 50 + random.nextInt(100);
    return """
        apiVersion: chengmai/v1
        kind: Indicator
        metadata:
          code: %s
          version: 1
          name: {zh: 草案%s, en: "Draft %s", short: 草案}
          domain: %s
          layer: meso
          lifecycle: draft
        definition:
          caliber: 自动生成的草案
          type: %s
          from: %s
          where: %s IS NOT NULL AND %s < %d
          time: CAST(%s AS TIMESTAMP)
          region: %s
          %s
          missing: {policy: gap, min_coverage: 0.75}
          inputs: ["catalog:%s/%s.%s"]
        unit: {code: "%%", display: "%%", decimals: 1, rounding: HALF_EVEN, range: [0, 100000]}
        period: {grain: P1D, tz: Asia/Shanghai, watermark: PT1H, lateness: PT48H}
        direction: lower_better
        thresholds:
          - {grade: yellow, when: "value >= %d", for: PT2H, clear: "value < %d", clear_for: PT1H}
          - {grade: orange, when: "value >= %d"}
        threshold_source: 默认建议值，待城市确认
        detect: {model: threshold}
        """
        .formatted(
            code,
            code,
            code,
            domain,
            isRatio ? "ratio" : "simple",
            entry.sqlName(),
            number.name(),
            number.name(),
            1000 + random.nextInt(1000),
            time.name(),
            places(entry).get(0).name(),
            formula,
            entry.table().code(),
            entry.table().table(),
            number.name(),
            bound,
            bound - 5,
            bound + 20);
  }

  private static List<Column> places(DataCatalogue.Entry entry) {
    return entry.table().columns().stream()
        .filter(c -> c.name().equals("region") || c.name().equals("district"))
        .toList();
  }

  private static List<Column> times(DataCatalogue.Entry entry) {
    return columns(entry, List.of("timestamp", "date"));
  }

  private static List<Column> numbers(DataCatalogue.Entry entry) {
    return columns(entry, NUMBERS);
  }

  private static List<Column> columns(DataCatalogue.Entry entry, List<String> types) {
    return entry.table().columns().stream().filter(c -> types.contains(c.type())).toList();
  }
}
