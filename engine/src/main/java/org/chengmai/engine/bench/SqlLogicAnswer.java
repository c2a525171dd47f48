package org.chengmai.engine.bench;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** A query's answer in the form in which sql-logic-test states what it expects. */
final class SqlLogicAnswer {
  private SqlLogicAnswer() {}

  /** The values of a result, or their hash where the expectation is one. */
  static List<String> of(ResultSet result, SqlLogicFile.Query query) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    while (result.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 0; i < query.types().length(); i++) {
        row.add(value(result, i + 1, query.types().charAt(i)));
      }
      rows.add(row);
    }
    if (query.order().equals("rowsort")) {
      rows.sort(SqlLogicAnswer::compare);
    }
    List<String> values = new ArrayList<>();
    rows.forEach(values::addAll);
    if (query.order().equals("valuesort")) {
      values.sort(null);
    }
    boolean isHash =
        query.expected().size() == 1 && query.expected().get(0).contains("values hashing to");
    return isHash
        ? List.of("%d values hashing to %s".formatted(values.size(), hash(values)))
        : values;
  }

  private static int compare(List<String> left, List<String> right) {
    for (int i = 0; i < left.size(); i++) {
      int order = left.get(i).compareTo(right.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static String value(ResultSet result, int column, char type) throws SQLException {
    switch (type) {
      case 'I' -> {
        Object value = result.getObject(column);
        // a text is zero to the corpus
        return value == null
            ? "NULL"
            : value instanceof String ? "0" : String.valueOf(result.getLong(column));
      }
      case 'R' -> {
        double value = result.getDouble(column);
        return result.wasNull() ? "NULL" : String.format(Locale.ROOT, "%.3f", value);
      }
      default -> {
        String value = result.getString(column);
        return value == null
            ? "NULL"
            : value.isEmpty() ? "(empty)" : value.replaceAll("[^ -~]", "@");
      }
    }
  }

  /** The corpus' own hash, which guards nothing. */
  private static String hash(List<String> values) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      values.forEach(value -> md5.update((value + "\n").getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(md5.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
