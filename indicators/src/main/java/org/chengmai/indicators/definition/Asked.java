package org.chengmai.indicators.definition;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a group's SQL asks for beside time and place: each aggregate once, however many members need
 * it. Where each member's filter is one value of the same column, that column becomes a group of
 * the SQL, so that a row counts for its own members only and is not held against every filter;
 * otherwise each aggregate has the filter of its member. Immutable.
 *
 * @param discriminator the column by which rows find their members, null where there is none
 * @param columns aggregates with their names
 * @param members in the group's order
 * @param filter the condition that each row of the SQL fulfils, null where all rows count
 */
record Asked(
    @Nullable String discriminator,
    List<String> columns,
    List<Names> members,
    @Nullable String filter) {
  private static final Pattern ONE_VALUE =
      Pattern.compile("\\(?\\s*(\\w+|\"\\w+\")\\s*=\\s*'([^']*)'\\s*\\)?");

  /**
   * The names of a member's columns.
   *
   * @param value of the discriminator in the member's rows, null where there is none
   * @param denominators null for components without one
   */
  record Names(
      @Nullable String value,
      List<String> numerators,
      List<@Nullable String> denominators,
      String count) {}

  static Asked of(List<Member> members) {
    List<@Nullable String> filters = new ArrayList<>();
    members.forEach(member -> filters.add(filter(member)));
    Map<String, String> names = new LinkedHashMap<>();
    List<Names> all = new ArrayList<>();
    String discriminator = discriminator(filters);
    boolean isShared = discriminator != null || filters.stream().distinct().count() == 1;
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      String text = filters.get(i);
      String filter = isShared || text == null ? "" : " FILTER (WHERE " + text + ")";
      List<String> numerators = new ArrayList<>();
      List<@Nullable String> denominators = new ArrayList<>();
      for (int j = 0; j < member.components().size(); j++) {
        Component component = member.components().get(j);
        String suffix = j == 0 ? "" + i : i + "_" + j;
        numerators.add(name(names, component.numerator() + filter, "a_" + suffix));
        denominators.add(
            component.denominator() == null
                ? null
                : name(names, component.denominator() + filter, "b_" + suffix));
      }
      all.add(
          new Names(
              discriminator == null ? null : value(text),
              numerators,
              denominators,
              name(names, member.count() + filter, "n_" + i)));
    }
    return new Asked(
        discriminator,
        names.entrySet().stream().map(one -> one.getKey() + " AS " + one.getValue()).toList(),
        all,
        filters.contains(null) ? null : either(discriminator, filters));
  }

  Optional<String> condition() {
    return Optional.ofNullable(filter);
  }

  private static @Nullable String filter(Member member) {
    String where = member.definition().definition().where();
    return where == null ? null : where.strip();
  }

  private static String name(Map<String, String> names, String aggregate, String name) {
    return names.computeIfAbsent(aggregate, unused -> name);
  }

  /** The column that tells members apart; null where a filter says more, or all say the same. */
  private static @Nullable String discriminator(List<@Nullable String> filters) {
    Set<String> columns = new LinkedHashSet<>();
    Set<String> values = new LinkedHashSet<>();
    for (String filter : filters) {
      Matcher one = ONE_VALUE.matcher(filter == null ? "" : filter);
      if (!one.matches()) {
        return null;
      }
      columns.add(one.group(1));
      values.add(one.group(2));
    }
    return columns.size() == 1 && values.size() > 1 ? columns.iterator().next() : null;
  }

  private static @Nullable String value(@Nullable String filter) {
    Matcher one = ONE_VALUE.matcher(filter == null ? "" : filter);
    return one.matches() ? one.group(2) : null;
  }

  private static String either(@Nullable String discriminator, List<@Nullable String> filters) {
    if (discriminator != null) {
      return filters.stream()
          .map(Asked::value)
          .distinct()
          .map(value -> "'" + value + "'")
          .collect(Collectors.joining(", ", discriminator + " IN (", ")"));
    }
    Set<@Nullable String> distinct = new LinkedHashSet<>(filters);
    String any =
        distinct.stream().map(filter -> "(" + filter + ")").collect(Collectors.joining(" OR "));
    return distinct.size() == 1 ? any : "(" + any + ")";
  }
}
