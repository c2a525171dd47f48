package org.chengmai.engine.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Requests for SQL, most of which no client should send. */
final class BadRequests {
  /** What a body may have. */
  static final int LIMIT = 1 << 20;

  static final String QUERY = "{\"sql\": \"select region from env.air where v = 20\"}";

  /** A few kilobytes that become many megabytes. */
  static final byte[] BOMB = bomb();

  private BadRequests() {}

  /** A request with something wrong in it. */
  static byte[] next(Random random) throws IOException {
    byte[] request =
        switch (random.nextInt(10)) {
          case 0 -> noise(random, 1 + random.nextInt(400));
          case 1 -> request(random, "", QUERY.getBytes(StandardCharsets.UTF_8));
          case 2 -> request(random, "", json(random));
          case 3 -> request(random, "", noise(random, random.nextInt(400)));
          case 4 -> head(random, "Content-Length: " + length(random) + "\r\n", QUERY);
          case 5 -> head(random, "Transfer-Encoding: chunked\r\n", chunks(random));
          case 6 -> request(random, header(random), QUERY.getBytes(StandardCharsets.UTF_8));
          case 7 -> request(random, "X-Query-Id: " + id(random) + "\r\n", json(random));
          case 8 ->
              // larger than may be, seldom because it takes its time
              random.nextInt(20) == 0
                  ? request(random, "", new byte[LIMIT + random.nextInt(LIMIT)])
                  : request(random, "Content-Encoding: gzip\r\n", noise(random, 50));
          default ->
              random.nextInt(20) == 0
                  ? request(random, "Content-Encoding: gzip\r\n", BOMB)
                  : twice(request(random, "", json(random)));
        };
    // a few bytes of it are others
    for (int i = random.nextInt(4); i > 0; i--) {
      request[random.nextInt(request.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(3) == 0
        ? Arrays.copyOf(request, 1 + random.nextInt(request.length))
        : request;
  }

  private static byte[] request(Random random, String headers, byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(head(random, headers + "Content-Length: " + body.length + "\r\n", ""));
    bytes.write(body);
    return bytes.toByteArray();
  }

  private static byte[] head(Random random, String headers, String body) {
    return ("%s %s HTTP/1.%d\r\nHost: x\r\n%s%s%s\r\n%s"
            .formatted(
                one(random, "POST", "POST", "POST", "POST", "GET", "PUT", "DELETE", "BREW"),
                one(
                    random,
                    "/api/v1/sql",
                    "/api/v1/sql?format=ndjson",
                    "/api/v1/sql?format=csv&bom=maybe",
                    "/api/v1/sql?format=arrow",
                    "/api/v1/sql?format=%",
                    "/api/v1/sql?format=" + "x".repeat(random.nextInt(6000)),
                    "/api/v1/sql/explain",
                    "/api/v1/sql/queries/" + id(random)),
                random.nextInt(2),
                one(
                    random,
                    "Authorization: Bearer secret\r\n",
                    "Authorization: Bearer secret\r\n",
                    "Authorization: Bearer secret\r\n",
                    "Authorization: Bearer viewer\r\n",
                    "Authorization: Bearer \r\n",
                    "Cookie: chengmai=secret; =;\r\n",
                    ""),
                one(random, "Content-Type: application/json\r\n", "Content-Type: text/plain\r\n"),
                headers,
                body))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** JSON as it is wanted, nearly, or not at all. */
  private static byte[] json(Random random) {
    String sql =
        one(
            random,
            "select v from env.air where region = ?",
            "select ? + ? from env.air",
            "select * from env.air",
            "select * from nothing",
            "explain analyze select count(*) from env.air",
            "selec 1; drop table env.air",
            "((((".repeat(random.nextInt(500)),
            "select " + "-".repeat(random.nextInt(2000)) + "1",
            "\\u0000",
            "");
    String parameters =
        one(
            random,
            "[]",
            "[20]",
            "[\"城西\", null, true]",
            "[1e999, -1e-999]",
            "[" + "9".repeat(random.nextInt(500)) + "]",
            "[[1]]",
            "{\"a\": 1}",
            "\"20\"",
            "[{}]",
            "null");
    return one(
            random,
            "{\"sql\": \"%s\", \"parameters\": %s}".formatted(sql, parameters),
            "{\"sql\": \"%s\", \"parameters\": %s}".formatted(sql, parameters),
            "{\"sql\": \"%s\"}".formatted(sql),
            "{\"sql\": %s}".formatted(parameters),
            "{\"parameters\": %s}".formatted(parameters),
            parameters,
            sql,
            "[".repeat(random.nextInt(5000)),
            "{\"sql\":".repeat(random.nextInt(2000)),
            "{\"sql\": \"select 1\", \"sql\": 1} {",
            "")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String length(Random random) {
    return one(
        random,
        "-1",
        "99999999999999999999",
        "1000000000",
        String.valueOf(random.nextInt(QUERY.length())),
        String.valueOf(QUERY.length() + random.nextInt(100)),
        "5, 6",
        "0x10",
        "");
  }

  private static String chunks(Random random) {
    return one(
        random,
        Integer.toHexString(QUERY.length()) + "\r\n" + QUERY + "\r\n0\r\n\r\n",
        "5\r\n{\"sql\r\n",
        "ffffffffff\r\n" + QUERY,
        "-5\r\n" + QUERY,
        "zz\r\n" + QUERY,
        "1;" + "x".repeat(random.nextInt(20_000)) + "\r\n{\r\n",
        "5\r\n" + QUERY + "\r\n0\r\n",
        "0\r\n" + "Trailer: x\r\n".repeat(random.nextInt(2000)) + "\r\n");
  }

  private static String header(Random random) {
    return one(
        random,
        "Accept: " + "*/*;q=".repeat(random.nextInt(500)) + "\r\n",
        "Accept: application/nothing\r\n",
        "Accept-Encoding: gzip, br, " + "x".repeat(random.nextInt(100)) + "\r\n",
        "Content-Encoding: br\r\n",
        "Expect: 100-continue\r\n",
        "Expect: tea\r\n",
        "Upgrade: websocket\r\nConnection: Upgrade\r\n",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Content-Length: 3\r\n",
        "Host: y\r\n",
        "X: " + "y".repeat(random.nextInt(20_000)) + "\r\n",
        "X: y\r\n".repeat(random.nextInt(2000)),
        ": empty\r\n",
        " folded\r\n");
  }

  private static String id(Random random) {
    return one(
        random, "0", "", "00000000-0000-0000-0000-000000000001", "x".repeat(random.nextInt(300)));
  }

  private static byte[] twice(byte[] request) {
    byte[] both = Arrays.copyOf(request, 2 * request.length);
    System.arraycopy(request, 0, both, request.length, request.length);
    return both;
  }

  private static String one(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static byte[] noise(Random random, int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] bomb() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
      byte[] blanks = new byte[1 << 20];
      Arrays.fill(blanks, (byte) ' ');
      for (int i = 0; i < 64; i++) {
        packed.write(blanks);
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory takes all", e);
    }
    return bytes.toByteArray();
  }
}
