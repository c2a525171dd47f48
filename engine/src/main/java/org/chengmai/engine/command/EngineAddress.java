package org.chengmai.engine.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.chengmai.engine.RunningEngine;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which running engine a command asks, and how it is asked. */
final class EngineAddress {
  @Option(
      names = "--dir",
      defaultValue = "data",
      description = "Data folder of an engine on this machine; default ./data.")
  private Path folder = Path.of("data");

  @Option(
      names = "--server",
      description = "An engine elsewhere, such as http://host:8080, in place of --dir.")
  private @Nullable URI server;

  @Option(
      names = "--token",
      description = "A user's token for --server; default the environment variable CHENGMAI_TOKEN.")
  private @Nullable String token;

  private final HttpClient http = HttpClient.newHttpClient();

  /** A request to the engine; UNAVAILABLE when none runs over the folder. */
  HttpRequest.Builder request(String path) {
    URI given = server;
    if (given == null) {
      RunningEngine engine = RunningEngine.require(folder);
      return request(engine.http(), path, engine.token());
    }
    String known = token == null ? System.getenv("CHENGMAI_TOKEN") : token;
    if (known == null) {
      throw new ChengmaiException(
          ErrorCode.UNAUTHENTICATED, "--server needs --token or the variable CHENGMAI_TOKEN");
    }
    return request(given, path, known);
  }

  private static HttpRequest.Builder request(URI address, String path, String token) {
    return HttpRequest.newBuilder(address.resolve(path)).header("Authorization", "Bearer " + token);
  }

  /** The answer's body; the engine's error is thrown with its message. */
  InputStream send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpRequest built = request.build();
    HttpResponse<InputStream> response;
    try {
      response = http.send(built, HttpResponse.BodyHandlers.ofInputStream());
    } catch (ConnectException e) {
      throw new ChengmaiException(
          ErrorCode.UNAVAILABLE, "no engine answers at " + built.uri().resolve("/"), e);
    }
    if (response.statusCode() != 200) {
      try (InputStream body = response.body()) {
        JsonNode error = Json.mapper().readTree(body).path("error");
        throw new ChengmaiException(ErrorCode.INVALID_INPUT, error.path("message").asText());
      }
    }
    return response.body();
  }

  /** As {@link #send}, for an answer in JSON. */
  JsonNode json(HttpRequest.Builder request) throws IOException, InterruptedException {
    try (InputStream body = send(request)) {
      return Json.mapper().readTree(body);
    }
  }
}
