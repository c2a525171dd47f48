package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.http.JsonHttpConfig;
import org.chengmai.connectors.http.JsonHttpConfig.JsonTable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class JsonHttpSourceTest extends SourceContract {
  private final AtomicInteger fetches = new AtomicInteger();
  private HttpServer server;

  @Override
  Source open(Path work) throws Exception {
    String rows =
        CSV.lines()
            .skip(1)
            .map(line -> line.split(","))
            .map(
                cells ->
                    "{\"ts\":\"%s\",\"region\":\"%s\",\"v\":%s,\"n\":%s,\"place\":{\"name\":\"x\",\"tags\":[1,2]}}"
                        .formatted(
                            cells[0],
                            cells[1],
                            cells[2].equals("-;") ? "null" : cells[2],
                            cells[3]))
            .collect(Collectors.joining(",", "{\"data\":{\"list\":[", "]}}"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/readings",
        exchange -> {
          fetches.incrementAndGet();
          byte[] body = rows.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/readings");
    return new JsonHttpConfig(List.of(JsonTable.of("sql_readings", address, "/data/list")), "128MB")
        .open(LIBRARY, work.resolve("work"));
  }

  @AfterAll
  void stopServer() {
    server.stop(0);
  }

  @Override
  String floorText() {
    return "date_trunc('day', timezone('Asia/Shanghai'";
  }

  @Test
  void nestedObjectsBecomeColumnsAndTheDocumentIsFetchedOnce() {
    assertThat(rows("select place_name, place_tags from T where n = 1"))
        .containsExactly(List.of("x", "[1,2]"));
    assertThat(rows("select count(*) from T")).containsExactly(List.of(5L));
    assertThat(fetches).hasValue(1);
  }
}
