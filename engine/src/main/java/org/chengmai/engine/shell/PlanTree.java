package org.chengmai.engine.shell;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A plan's steps as a tree: beneath each step those whose rows or keys it reads. */
final class PlanTree {
  private final List<JsonNode> steps = new ArrayList<>();
  private final Set<Integer> drawn = new HashSet<>();
  private final StringBuilder text = new StringBuilder();

  private PlanTree(JsonNode plan) {
    plan.path("steps").forEach(steps::add);
  }

  /**
   * @param plan what {@code EXPLAIN (FORMAT JSON)} answers
   */
  static String draw(JsonNode plan) {
    PlanTree tree = new PlanTree(plan);
    if (!tree.steps.isEmpty()) {
      tree.draw(tree.steps.size() - 1, "", "");
    }
    tree.text.append(
        String.format(Locale.ROOT, "planned in %.1f ms%n", plan.path("planning_ms").asDouble()));
    return tree.text.toString();
  }

  private void draw(int index, String first, String next) {
    JsonNode step = steps.get(index);
    if (!drawn.add(index)) {
      text.append(first).append(step.path("step").asText()).append(", as above\n");
      return;
    }
    Set<String> names = new HashSet<>();
    step.path("reads_steps").forEach(name -> names.add(name.asText()));
    List<Integer> parts = new ArrayList<>();
    for (int i = 0; i < index; i++) {
      if (names.contains(steps.get(i).path("step").asText())) {
        parts.add(i);
      }
    }
    text.append(first).append(heading(step)).append('\n');
    String bar = next + (parts.isEmpty() ? "   " : "│  ");
    step.path("sql").asText().lines().forEach(line -> text.append(bar).append(line).append('\n'));
    for (int i = 0; i < parts.size(); i++) {
      boolean isLast = i == parts.size() - 1;
      draw(parts.get(i), next + (isLast ? "└─ " : "├─ "), next + (isLast ? "   " : "│  "));
    }
  }

  private static String heading(JsonNode step) {
    StringBuilder heading =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%s: %s, about %,d rows",
                step.path("step").asText(),
                step.has("snapshot")
                    ? step.path("snapshot").asText()
                    : step.path("source").asText(),
                step.path("estimated_rows").asLong()));
    if (step.has("bind_join")) {
      heading.append(", keys of ").append(step.at("/bind_join/step").asText());
      if (step.path("keys").asInt() > 0) {
        heading.append(String.format(Locale.ROOT, " (%,d)", step.path("keys").asInt()));
      }
    }
    if (step.has("rows")) {
      heading.append(
          String.format(
              Locale.ROOT,
              "; was %,d rows, %,.1f MB, %,.0f ms",
              step.path("rows").asLong(),
              step.path("bytes").asLong() / 1e6,
              step.path("ms").asDouble()));
    }
    return heading.toString();
  }
}
