package org.chengmai.engine.pgwire;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.chengmai.engine.sql.PostgresCatalog;
import org.jspecify.annotations.Nullable;

/**
 * What a session has set. Clients set many things that mean nothing here, and read them again; only
 * the encoding has an effect. Used by one session.
 */
final class SessionSettings {
  private static final int MOST = 200;
  private static final int LONGEST = 10_000;

  /** What clients are told when it changes. */
  private static final Map<String, String> REPORTED =
      Map.ofEntries(
          Map.entry("server_version", "server_version"),
          Map.entry("server_encoding", "server_encoding"),
          Map.entry("client_encoding", "client_encoding"),
          Map.entry("application_name", "application_name"),
          Map.entry("datestyle", "DateStyle"),
          Map.entry("intervalstyle", "IntervalStyle"),
          Map.entry("timezone", "TimeZone"),
          Map.entry("integer_datetimes", "integer_datetimes"),
          Map.entry("is_superuser", "is_superuser"),
          Map.entry("session_authorization", "session_authorization"),
          Map.entry("standard_conforming_strings", "standard_conforming_strings"));

  private final Map<String, String> initial = new TreeMap<>();
  private final Map<String, String> values = new TreeMap<>();

  SessionSettings(String user) {
    initial.put("server_version", PostgresCatalog.VERSION + " (Chengmai)");
    initial.put("server_version_num", "140000");
    initial.put("server_encoding", "UTF8");
    initial.put("client_encoding", "UTF8");
    initial.put("application_name", "");
    initial.put("datestyle", "ISO, YMD");
    initial.put("intervalstyle", "postgres");
    initial.put("timezone", "UTC");
    initial.put("integer_datetimes", "on");
    initial.put("is_superuser", "off");
    initial.put("session_authorization", user);
    initial.put("standard_conforming_strings", "on");
    initial.put("search_path", "indicators");
    initial.put("transaction_isolation", "read committed");
    initial.put("default_transaction_isolation", "read committed");
    initial.put("transaction_read_only", "on");
    initial.put("default_transaction_read_only", "on");
    initial.put("extra_float_digits", "1");
    initial.put("bytea_output", "hex");
    initial.put("max_identifier_length", "63");
    initial.put("max_index_keys", "32");
    initial.put("lc_collate", "C");
    initial.put("lc_ctype", "C.UTF-8");
    values.putAll(initial);
  }

  /** A setting's name as it is kept: {@code TIME ZONE} is one. */
  static String name(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    return switch (name) {
      case "time zone" -> "timezone";
      case "names" -> "client_encoding";
      case "transaction isolation level" -> "transaction_isolation";
      case "session authorization" -> "session_authorization";
      default -> name;
    };
  }

  Map<String, String> all() {
    return values;
  }

  String get(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new PostgresError.Refusal(
          "42704", "unrecognized configuration parameter \"%s\"".formatted(name));
    }
    return value;
  }

  /**
   * Sets what may be set, and tells the client what it should know.
   *
   * @throws PostgresError.Refusal for a value that would have a meaning and cannot have it here
   */
  void set(String name, String value, MessageWriter out) {
    if (value.length() > LONGEST || values.size() >= MOST && !values.containsKey(name)) {
      throw new PostgresError.Refusal(PostgresError.TOO_MUCH, "too many or too long settings");
    }
    switch (name) {
      case "client_encoding" -> {
        out.charset(charset(value));
        keep("client_encoding", value.toUpperCase(Locale.ROOT), out);
      }
      case "datestyle" -> {
        if (!value.toUpperCase(Locale.ROOT).startsWith("ISO")
            && !value.equalsIgnoreCase("default")) {
          throw new PostgresError.Refusal(
              PostgresError.BAD_VALUE, "dates are written in ISO's way only");
        }
      }
      case "timezone" -> {
        if (!value.matches("(?i)utc|gmt|z|etc/utc|default|local")) {
          out.warning("times stay in UTC; TIME_FLOOR(…, zone) knows zones");
        }
      }
      case "statement_timeout" -> {
        if (!value.matches("0|(?i)default")) {
          out.warning("queries still end by limits.query_time alone");
        }
      }
      case "search_path" -> {
        if (!value.contains("indicators")) {
          out.warning("names without a library still mean the library indicators");
        }
      }
      case "server_version",
          "server_version_num",
          "server_encoding",
          "integer_datetimes",
          "is_superuser",
          "session_authorization",
          "lc_collate",
          "lc_ctype",
          "max_identifier_length",
          "max_index_keys" ->
          throw new PostgresError.Refusal(
              "55P02", "parameter \"%s\" cannot be changed".formatted(name));
      case "standard_conforming_strings" -> {
        if (!value.matches("(?i)on|true|1|yes|default")) {
          throw new PostgresError.Refusal(
              PostgresError.BAD_VALUE, "a backslash in a text is a backslash");
        }
      }
      default -> keep(name, value, out);
    }
  }

  private void keep(String name, String value, MessageWriter out) {
    values.put(name, value);
    report(name, out);
  }

  void reset(String name, MessageWriter out) {
    if (name.equals("all")) {
      values.clear();
      values.putAll(initial);
      out.charset(StandardCharsets.UTF_8);
      reportAll(out);
    } else if (initial.containsKey(name)) {
      set(name, String.valueOf(initial.get(name)), out);
    } else {
      values.remove(name);
    }
  }

  /** What a client is told when it has logged in. */
  void reportAll(MessageWriter out) {
    REPORTED.keySet().forEach(name -> report(name, out));
  }

  private void report(String name, MessageWriter out) {
    String told = REPORTED.get(name);
    String value = values.get(name);
    if (told != null && value != null) {
      out.parameter(told, value);
    }
  }

  /** The encodings that Chinese clients ask for. */
  private static Charset charset(String name) {
    @Nullable String java =
        switch (name.toUpperCase(Locale.ROOT).replaceAll("[-_ ]", "")) {
          case "UTF8", "UNICODE", "SQLASCII", "DEFAULT" -> "UTF-8";
          case "GBK", "WIN936" -> "GBK";
          case "GB18030" -> "GB18030";
          case "EUCCN", "GB2312" -> "GB2312";
          case "BIG5" -> "Big5";
          case "LATIN1", "ISO88591" -> "ISO-8859-1";
          default -> null;
        };
    if (java == null) {
      throw new PostgresError.Refusal(
          PostgresError.BAD_VALUE,
          "the encoding %s is not spoken here; UTF8, GBK and GB18030 are".formatted(name));
    }
    return Charset.forName(java);
  }
}
