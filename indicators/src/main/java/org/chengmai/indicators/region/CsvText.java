package org.chengmai.indicators.region;

import java.util.ArrayList;
import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** Rows of a CSV text with a header; a field in quotes may hold commas and doubled quotes. */
final class CsvText {
  private CsvText() {}

  /**
   * The named columns of every row, in the order asked for; INVALID_INPUT with file and line when a
   * column or a field is missing.
   */
  static List<List<String>> read(String file, String text, String... columns) {
    // Excel begins UTF-8 with a byte-order mark
    List<String> lines = (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList();
    List<String> header = lines.isEmpty() ? List.of() : fields(lines.get(0));
    int[] index = new int[columns.length];
    for (int i = 0; i < columns.length; i++) {
      index[i] = header.indexOf(columns[i]);
      if (index[i] < 0) {
        throw refused("%s: has no column %s, only %s", file, columns[i], header);
      }
    }
    List<List<String>> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        List<String> fields = fields(lines.get(i));
        if (fields.size() != header.size()) {
          throw refused(
              "%s:%d: has %d fields, the header has %d", file, i + 1, fields.size(), header.size());
        }
        List<String> row = new ArrayList<>();
        for (int at : index) {
          row.add(fields.get(at));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean isQuoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && isQuoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        field.append(c);
        i++;
      } else if (c == '"') {
        isQuoted = !isQuoted;
      } else if (c == ',' && !isQuoted) {
        fields.add(field.toString().strip());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString().strip());
    return fields;
  }

  private static ChengmaiException refused(String message, Object... arguments) {
    return new ChengmaiException(ErrorCode.INVALID_INPUT, message.formatted(arguments));
  }
}
