package org.chengmai.dashboards.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class StaticPagesTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static DemoCity city;

  @BeforeAll
  static void start() {
    city = new DemoCity(true);
  }

  @AfterAll
  static void stop() {
    city.close();
  }

  @Test
  void everyFileIsServedWithItsType() throws Exception {
    assertThat(get("/").headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(get("/style.css").headers().firstValue("Content-Type"))
        .hasValue("text/css; charset=utf-8");
    assertThat(get("/main.js").headers().firstValue("Content-Type"))
        .hasValue("text/javascript; charset=utf-8");
    assertThat(get("/icon.svg").headers().firstValue("Content-Type")).hasValue("image/svg+xml");
    assertThat(get("/assets/echarts.js").body()).contains("export");
  }

  @Test
  void theTermsOfThePolicyAreStrict() throws Exception {
    String policy = get("/").headers().firstValue("Content-Security-Policy").orElseThrow();
    assertThat(policy)
        .contains(
            "default-src 'self'",
            "connect-src 'self' ws://127.0.0.1:" + city.port(),
            "object-src 'none'")
        .doesNotContain("unsafe");
  }

  @Test
  void anUnchangedFileIsNotSentAgain() throws Exception {
    String etag = get("/main.js").headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> second = get("/main.js", "If-None-Match", etag);
    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
  }

  @Test
  void nothingElseIsServed() throws Exception {
    for (String path :
        List.of("/web/main.js", "/..%2fmain.js", "/package-info.class", "/logback.xml")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void everyFileOfThePageIsServedAndEveryImportExists() throws Exception {
    Path web =
        Path.of(StaticPages.class.getClassLoader().getResource("web/index.html").toURI())
            .getParent();
    Pattern imports = Pattern.compile("from '(\\.?/[^']+)'|(?:src|href)=\"(/[^\"]+)\"");
    try (Stream<Path> files = Files.list(web)) {
      for (Path file : files.toList()) {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        assertThat(get("/" + file.getFileName()).body()).as(file.toString()).isEqualTo(text);
        Matcher matcher = imports.matcher(text);
        while (matcher.find()) {
          String wanted = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
          assertThat(get(wanted.replaceFirst("^\\.", "")).statusCode())
              .as(file + " needs " + wanted)
              .isEqualTo(200);
        }
        assertThat(text)
            .as("no foreign host")
            .doesNotContainPattern("https?://(?!www\\.w3\\.org)[a-z]");
      }
    }
  }

  private static HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(city.port(), path)));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }
}
