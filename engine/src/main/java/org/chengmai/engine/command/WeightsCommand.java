package org.chengmai.engine.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.chengmai.engine.shell.TextTable;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.composite.IndexValue;
import org.chengmai.indicators.composite.RankStability;
import org.chengmai.indicators.composite.WeightStudy;
import org.chengmai.indicators.composite.WeightStudy.Method;
import org.chengmai.indicators.composite.Weights;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Learns the weights of a composite's inputs from its history on the running engine. */
@Command(
    name = "weights",
    description =
        "Learn the weights of a composite indicator's inputs from their scores in a window of its history.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Nothing is changed: paste the printed lines into the inputs' definitions and give each a new version.",
      "An hour of a district in which an input had no score is left out.",
      "Example:",
      "  ./chengmai weights CVS-UTL-9000 --method critic --from 2026-01-01 --to 2026-04-01"
    })
final class WeightsCommand implements Callable<Integer> {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final int DRAWS = 1000;
  private static final int DECIMALS = 4;

  @Parameters(index = "0", paramLabel = "CODE", description = "The composite indicator.")
  private String code = "";

  @Option(
      names = "--method",
      defaultValue = "combo",
      description =
          "entropy: inputs that tell regions and times apart; critic: those that vary and agree with no other; combo: both; default combo.")
  private Method method = Method.COMBO;

  @Option(
      names = "--from",
      description = "The first time, or date in China; default 28 days before the end.")
  private @Nullable String from;

  @Option(names = "--to", description = "The time or date to stop before; default the city's now.")
  private @Nullable String to;

  @Mixin private EngineAddress engine = new EngineAddress();

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonNode city = engine.json(engine.request("/api/v1/city"));
    Instant end = to == null ? Instant.parse(city.path("now").asText()) : time(to);
    Instant begin = from == null ? end.minus(Duration.ofDays(28)) : time(from);
    Map<String, List<IndexValue>> values = new LinkedHashMap<>();
    for (JsonNode district : city.path("districts")) {
      String region = district.path("code").asText();
      JsonNode series =
          engine.json(
              engine.request(
                  "/api/v1/indicators/%s/series?region=%s&from=%s&to=%s"
                      .formatted(code, region, begin, end)));
      values.put(region, values(code, series));
    }
    print(WeightStudy.of(code, values), method, begin, end, System.out);
    return 0;
  }

  private static Instant time(String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(CHINA).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "'%s' is neither a date such as 2026-01-01 nor a time such as 2026-01-01T08:00:00Z"
              .formatted(text),
          e);
    }
  }

  /** What a composite's points were made of; INVALID_INPUT for an indicator that is none. */
  static List<IndexValue> values(String code, JsonNode series) {
    List<IndexValue> values = new ArrayList<>();
    for (JsonNode row : series.path("points")) {
      JsonNode parts = row.path("point").path("parts");
      if (parts.isTextual()) {
        if (!Json.read(parts.asText(), JsonNode.class).path("parts").isArray()) {
          throw new ChengmaiException(
              ErrorCode.INVALID_INPUT, code + " is no composite indicator: it has no weights");
        }
        values.add(Json.read(parts.asText(), IndexValue.class));
      }
    }
    return values;
  }

  /** The inputs with their weights by all methods, the lines to paste, and how stable ranks are. */
  static void print(WeightStudy study, Method method, Instant from, Instant to, PrintStream out) {
    out.printf(
        "%s from %s to %s: %,d values of %d regions, %,d left out for an input without a score%n%n",
        study.code(), from, to, study.rows(), study.regions().size(), study.leftOut());
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("input", "mean score", "now", "entropy", "critic", "combo"));
    Map<Method, Weights> learned = new LinkedHashMap<>();
    for (Method one : Method.values()) {
      learned.put(one, study.weights(one));
    }
    for (String input : study.sample().columns().keySet()) {
      List<String> line = new ArrayList<>();
      line.add(input);
      line.add(number("%.1f", study.meanScore(input)));
      line.add(number("%.4f", study.stated().byCode().getOrDefault(input, 0.0)));
      learned
          .values()
          .forEach(weights -> line.add(number("%.4f", weights.byCode().getOrDefault(input, 0.0))));
      lines.add(line);
    }
    TextTable.print(lines, out);
    Weights chosen = study.weights(method);
    String name = method.name().toLowerCase(Locale.ROOT);
    out.printf("%nTo paste, each into its definition; they sum to 1:%n");
    for (Map.Entry<String, BigDecimal> weight : WeightStudy.rounded(chosen, DECIMALS).entrySet()) {
      out.printf(
          "%s.yaml  weight: {value: %s, method: %s}%n",
          weight.getKey(), weight.getValue().toPlainString(), name);
    }
    if (study.regions().size() < 2) {
      return;
    }
    RankStability stability = study.stability(chosen, DRAWS, 1);
    out.printf(
        "%nRegions by mean score; %,d draws of weights ± 20 %%: Kendall's tau %s on average, %s at least%n%n",
        stability.draws(),
        number("%.3f", stability.meanTau()),
        number("%.3f", stability.leastTau()));
    List<List<String>> ranks = new ArrayList<>();
    ranks.add(List.of("rank", "region", "score", "kept"));
    for (RankStability.RegionRank one : stability.regions()) {
      ranks.add(
          List.of(
              Integer.toString(one.rank()),
              one.region(),
              number("%.1f", one.score()),
              number("%.0f %%", one.kept() * 100)));
    }
    TextTable.print(ranks, out);
  }

  private static String number(String format, double number) {
    return String.format(Locale.ROOT, format, number);
  }
}
