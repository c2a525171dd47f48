package org.chengmai.engine.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.chengmai.engine.sql.Fragment.Binding;
import org.jspecify.annotations.Nullable;

/**
 * One step of a plan as EXPLAIN shows it. Immutable.
 *
 * @param actual what happened, null when the step has not run
 */
record StepReport(FederatedPlan.Step step, @Nullable Actual actual) {

  /**
   * What happened when a step ran.
   *
   * @param sql what was asked, with the keys of a bind join
   * @param bytes what came from a source, 0 for the residual
   * @param keys how many keys were sent along; -1 when all rows were asked for
   */
  record Actual(String sql, long rows, long bytes, Duration time, int keys) {}

  /** The library that is asked, or DuckDB. */
  String where() {
    return step instanceof Fragment fragment ? fragment.source().library() : "DuckDB";
  }

  private String snapshots() {
    return step instanceof Fragment fragment ? fragment.snapshots() : "";
  }

  private @Nullable Binding binding() {
    return step instanceof Fragment fragment ? fragment.binding() : null;
  }

  /** The step as people see it who wait. */
  RunningQuery.Step progress(boolean isDone) {
    return new RunningQuery.Step(
        step.name(),
        where(),
        Math.round(step.estimatedRows()),
        actual == null ? 0 : actual.rows(),
        actual == null ? 0 : actual.bytes(),
        actual == null ? 0 : actual.time().toMillis(),
        isDone);
  }

  /** Lines of text, SQL comments around what is asked. */
  String text() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "-- %s: %s, about %,.0f rows",
                step.name(),
                snapshots().isEmpty() ? where() : snapshots(),
                step.estimatedRows()));
    if (step instanceof Fragment fragment && fragment.connections() > 1) {
      text.append(" by ").append(fragment.connections()).append(" connections");
    }
    if (actual != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "; was %,d rows, %,.1f MB, %,d ms",
              actual.rows(),
              actual.bytes() / 1e6,
              actual.time().toMillis()));
    }
    text.append('\n');
    Binding binding = binding();
    if (binding != null) {
      text.append("-- ").append(why(binding)).append('\n');
    }
    return text.append(step.sql()).append('\n').toString();
  }

  private String why(Binding binding) {
    String plan =
        String.format(
            Locale.ROOT,
            "bind join: only rows with the keys %s of %s, about %,.0f keys; all rows if there are more than %,d",
            String.join(", ", binding.stepColumns()),
            binding.step(),
            binding.estimatedKeys(),
            binding.maxKeys());
    if (actual == null) {
      return plan;
    }
    return plan
        + (actual.keys() < 0
            ? "; there were more"
            : String.format(Locale.ROOT, "; was %,d keys", actual.keys()));
  }

  /** All steps of a plan as text. */
  static String text(List<StepReport> steps, double planningMillis) {
    return steps.stream()
        .map(StepReport::text)
        .collect(
            Collectors.joining(
                "\n", "", String.format(Locale.ROOT, "%n-- planned in %.1f ms%n", planningMillis)));
  }

  /** All steps of a plan as one JSON document. */
  static String json(List<StepReport> steps, double planningMillis) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("planning_ms", planningMillis);
    document.put("steps", steps.stream().map(StepReport::json).toList());
    try {
      return new ObjectMapper().writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("step", step.name());
    json.put("source", where());
    if (!snapshots().isEmpty()) {
      json.put("snapshot", snapshots());
    }
    json.put("sql", step.sql());
    json.put("reads_steps", step.reads().steps());
    json.put("reads_tables", step.reads().tables());
    json.put("estimated_rows", Math.round(step.estimatedRows()));
    if (step instanceof Fragment fragment) {
      json.put("connections", fragment.connections());
    }
    Binding binding = binding();
    if (binding != null) {
      json.put(
          "bind_join",
          Map.of(
              "step", binding.step(),
              "columns", List.copyOf(binding.stepColumns()),
              "estimated_keys", Math.round(binding.estimatedKeys()),
              "max_keys", binding.maxKeys()));
    }
    if (actual != null) {
      json.put("rows", actual.rows());
      json.put("bytes", actual.bytes());
      json.put("ms", actual.time().toNanos() / 1e6);
      if (binding != null) {
        json.put("keys", actual.keys());
      }
    }
    return json;
  }
}
