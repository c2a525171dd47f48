package org.chengmai.indicators.definition;

import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.definition.IndicatorDefinition.Lifecycle;
import org.chengmai.indicators.quality.QualityRule;
import org.chengmai.indicators.region.Regions;

/** What is refused in one definition: all that would mislead whoever reads the value. */
final class DefinitionRules {
  private static final Pattern CODE = Pattern.compile("CVS-([A-Z]{3})-\\d{4}");
  private static final Pattern COLUMN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern DETECTORS =
      Pattern.compile("[a-z][a-z0-9-]*(\\s*\\+\\s*[a-z][a-z0-9-]*)*");

  /** What is read of a series' past each time that a value is computed. */
  private static final int MOST_PERIODS = 3000;

  /** Takes a problem at a path of the document. */
  interface Report {
    void add(Refusal refusal, String path, String message);

    /** Takes one about what is computed from what. */
    default void add(String path, String message) {
      add(Refusal.FORMULA, path, message);
    }

    default void refuseIf(boolean isWrong, String path, String message) {
      refuseIf(Refusal.FORMULA, isWrong, path, message);
    }

    default void refuseIf(Refusal refusal, boolean isWrong, String path, String message) {
      if (isWrong) {
        add(refusal, path, message);
      }
    }
  }

  private final IndicatorDefinition definition;
  private final Regions regions;
  private final Calendars calendars;
  private final Report report;

  private DefinitionRules(
      IndicatorDefinition definition, Regions regions, Calendars calendars, Report report) {
    this.definition = definition;
    this.regions = regions;
    this.calendars = calendars;
    this.report = report;
  }

  static void check(
      IndicatorDefinition definition, Regions regions, Calendars calendars, Report report) {
    DefinitionRules rules = new DefinitionRules(definition, regions, calendars, report);
    rules.checkIdentity();
    FormulaRules.check(definition, report);
    rules.checkUnitAndPeriod();
    rules.checkCalendar();
    rules.checkRegion();
    rules.checkWatching();
    rules.checkQuality();
    DutyRules.check(definition, report);
    ThresholdRules.check(definition, report);
    rules.checkTests();
  }

  private void checkIdentity() {
    report.refuseIf(
        Refusal.UNKNOWN_SCHEMA,
        !definition.apiVersion().equals("chengmai/v1"),
        "apiVersion",
        "'%s' is not chengmai/v1".formatted(definition.apiVersion()));
    report.refuseIf(
        Refusal.UNKNOWN_SCHEMA,
        !definition.kind().equals("Indicator"),
        "kind",
        "'%s' is not Indicator".formatted(definition.kind()));
    var code = CODE.matcher(definition.code());
    if (!code.matches()) {
      report.add(
          Refusal.INVALID_CODE,
          "metadata.code",
          "'%s' is not of the form CVS-ABC-0000".formatted(definition.code()));
    } else if (!definition.domain().prefixes().contains(code.group(1))) {
      Optional<Domain> owner =
          Arrays.stream(Domain.values())
              .filter(d -> d.prefixes().contains(code.group(1)))
              .findFirst();
      report.add(
          Refusal.INVALID_CODE,
          "metadata.code",
          owner.isEmpty()
              ? "prefix %s belongs to no domain".formatted(code.group(1))
              : "prefix %s belongs to the domain %s, not %s"
                  .formatted(code.group(1), lower(owner.get()), lower(definition.domain())));
    }
    report.refuseIf(
        Refusal.INVALID_VERSION,
        definition.version() < 1,
        "metadata.version",
        "%d is below 1".formatted(definition.version()));
    LocalDate to = definition.metadata().effective().to();
    report.refuseIf(
        Refusal.INVALID_VALIDITY,
        to != null && to.isBefore(definition.metadata().effective().from()),
        "metadata.effective",
        "ends before it begins");
  }

  private void checkUnitAndPeriod() {
    int decimals = definition.unit().decimals();
    report.refuseIf(
        Refusal.INVALID_UNIT,
        decimals < 0 || decimals > 9,
        "unit.decimals",
        "%d is not from 0 to 9".formatted(decimals));
    String rounding = definition.unit().rounding();
    report.refuseIf(
        Refusal.INVALID_UNIT,
        rounding != null
            && Arrays.stream(RoundingMode.values()).noneMatch(m -> m.name().equals(rounding)),
        "unit.rounding",
        "'%s' is not a rounding mode such as HALF_EVEN".formatted(rounding));
    List<Double> range = definition.unit().range();
    report.refuseIf(
        Refusal.INVALID_UNIT,
        !range.isEmpty() && (range.size() != 2 || range.get(0) >= range.get(1)),
        "unit.range",
        "is the least and the greatest plausible value");
    String zone = definition.period().tz();
    try {
      ZoneId.of(zone == null ? "Asia/Shanghai" : zone);
    } catch (DateTimeException e) {
      report.add(Refusal.INVALID_PERIOD, "period.tz", "'%s' is not a time zone".formatted(zone));
    }
    report.refuseIf(
        Refusal.INVALID_PERIOD,
        definition.period().watermark().isNegative(),
        "period.watermark",
        "is negative");
    report.refuseIf(
        Refusal.INVALID_PERIOD,
        definition.period().lateness().isNegative(),
        "period.lateness",
        "is negative");
    List<String> dimensions = definition.dimensions();
    for (int i = 0; i < dimensions.size(); i++) {
      String path = "dimensions[" + i + "]";
      report.refuseIf(
          Refusal.INVALID_DIMENSION,
          !COLUMN.matcher(dimensions.get(i)).matches(),
          path,
          "'%s' is not a column".formatted(dimensions.get(i)));
      report.refuseIf(
          Refusal.INVALID_DIMENSION,
          dimensions.indexOf(dimensions.get(i)) < i,
          path,
          "'%s' is listed twice".formatted(dimensions.get(i)));
    }
  }

  private void checkCalendar() {
    String path = "period.calendar";
    try {
      boolean isOpen = calendars.of(definition.period().calendar()).isAlwaysOpen();
      report.refuseIf(
          Refusal.INVALID_PERIOD,
          !isOpen && !definition.definition().type().isQueried(),
          path,
          "a composite has a value in every period; leave it out, its inputs have their own");
    } catch (ChengmaiException e) {
      report.add(Refusal.INVALID_PERIOD, path, String.valueOf(e.getMessage()));
    }
  }

  private void checkRegion() {
    report.refuseIf(
        Refusal.INVALID_REGION,
        !definition.region().scheme().equals("GBT2260"),
        "region.scheme",
        "'%s' is not supported yet by this version; GBT2260 is"
            .formatted(definition.region().scheme()));
    if (definition.region().levels().isEmpty()) {
      report.add(Refusal.UNKNOWN_REGION_LEVEL, "region.levels", "needs at least one level");
      return;
    }
    for (int i = 0; i < definition.region().levels().size(); i++) {
      var level = definition.region().levels().get(i);
      report.refuseIf(
          Refusal.UNKNOWN_REGION_LEVEL,
          i > 0 && level.compareTo(definition.region().levels().get(i - 1)) <= 0,
          "region.levels[" + i + "]",
          "list levels from large to small, each once");
      report.refuseIf(
          Refusal.UNKNOWN_REGION_LEVEL,
          regions.all().stream().noneMatch(r -> r.level() == level),
          "region.levels[" + i + "]",
          "no region of level %s is configured".formatted(lower(level)));
    }
    LocalDate to = definition.metadata().effective().to();
    LocalDate date = to == null ? LocalDate.MAX : to;
    for (int i = 0; i < definition.region().only().size(); i++) {
      String code = definition.region().only().get(i);
      if (!regions.isValid(code, date)) {
        report.add(
            Refusal.INVALID_REGION,
            "region.only[" + i + "]",
            "region code %s is not valid%s%s"
                .formatted(
                    code,
                    to == null ? " today" : " on " + to,
                    regions.codeOn(code, date).map(c -> "; it is " + c + " now").orElse("")));
      }
    }
  }

  private void checkWatching() {
    String model = definition.detect().model();
    report.refuseIf(
        Refusal.INVALID_DETECTOR,
        model != null && !DETECTORS.matcher(model).matches(),
        "detect.model",
        "'%s' is not a list of detector ids joined by +".formatted(model));
    Double sensitivity = definition.detect().sensitivity();
    report.refuseIf(
        Refusal.INVALID_DETECTOR,
        sensitivity != null && !(sensitivity > 0 && sensitivity < 1),
        "detect.sensitivity",
        "%s is not between 0 and 1".formatted(sensitivity));
  }

  private void checkQuality() {
    definition
        .quality()
        .texts()
        .forEach(
            (key, text) -> {
              try {
                checkQuality("quality." + key, QualityRule.parse(key, text));
              } catch (ChengmaiException e) {
                report.add(
                    Refusal.INVALID_QUALITY, "quality." + key, String.valueOf(e.getMessage()));
              }
            });
  }

  private void checkQuality(String path, QualityRule rule) {
    report.refuseIf(
        Refusal.INVALID_QUALITY,
        rule.readsExpected() && definition.definition().expected() == null,
        path,
        "needs definition.expected: how many inputs a region has per period");
    long period = definition.grain().typical().toMillis();
    long periods = rule.window(definition.grain()).toMillis() / period;
    report.refuseIf(
        Refusal.INVALID_QUALITY,
        periods < rule.leastPeriods(),
        path,
        "%s holds %d periods of %s, the rule needs %d"
            .formatted(
                rule.window(definition.grain()), periods, definition.grain(), rule.leastPeriods()));
    report.refuseIf(
        Refusal.INVALID_QUALITY,
        rule.lookBack(definition.grain()).toMillis() / period > MOST_PERIODS,
        path,
        "looks back %s, which is more than %d periods of %s"
            .formatted(rule.lookBack(definition.grain()), MOST_PERIODS, definition.grain()));
  }

  private void checkTests() {
    report.refuseIf(
        Refusal.MISSING_TESTS,
        definition.metadata().lifecycle() == Lifecycle.PUBLISHED && definition.tests().isEmpty(),
        "tests",
        "a published definition needs at least one test");
    for (int i = 0; i < definition.tests().size(); i++) {
      for (String problem : definition.tests().get(i).problems(regions)) {
        int colon = problem.indexOf(": ");
        report.add(
            Refusal.INVALID_TEST,
            "tests[" + i + "]." + problem.substring(0, colon),
            problem.substring(colon + 2));
      }
    }
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
