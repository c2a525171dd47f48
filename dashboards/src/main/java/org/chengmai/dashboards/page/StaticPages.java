package org.chengmai.dashboards.page;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * The wall, the pages of the indicators, the SQL page and the log-in page, served from the class
 * path under a strict content security policy: scripts, styles and connections of this server only,
 * nothing inline. The files are read once; there is no path to traverse.
 */
public final class StaticPages {
  private static final List<String> FILES =
      List.of(
          "index.html",
          "indicators.html",
          "editor.html",
          "backtest.html",
          "sql.html",
          "login.html",
          "style.css",
          "pages.css",
          "icon.svg",
          "main.js",
          "indicators.js",
          "editor.js",
          "backtest.js",
          "trial.js",
          "job.js",
          "template.yaml",
          "sql.css",
          "sql.js",
          "sql-catalog.js",
          "sql-chart.js",
          "sql-editor.js",
          "sql-grid.js",
          "sql-history.js",
          "sql-plan.js",
          "sql-progress.js",
          "sql-rows.js",
          "sql-text.js",
          "sql-words.js",
          "copy.js",
          "login.js",
          "api.js",
          "dom.js",
          "state.js",
          "live.js",
          "connect.js",
          "start.js",
          "header.js",
          "map.js",
          "domains.js",
          "reading.js",
          "tiles.js",
          "alerts.js",
          "incidents.html",
          "incidents.js",
          "windows.html",
          "windows.js",
          "trace.js",
          "judge.js",
          "episodes.js",
          "sound.js",
          "history.js",
          "chart.js",
          "explorer.js",
          "indicator.js",
          "series.js",
          "table.js",
          "why.js",
          "regions.js",
          "definition.js",
          "lineage.js",
          "findings.js",
          "download.js",
          "i18n.js",
          "words.js");
  private static final String ECHARTS =
      "META-INF/resources/_static/echarts/6.0.0/dist/echarts.esm.min.js";
  private static final String CODEMIRROR = "META-INF/resources/_static/codemirror/5.65.19/";
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "yaml", "application/yaml; charset=utf-8");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.\\-\\[\\]:]+");

  private final Map<String, Page> pages = new LinkedHashMap<>();

  private StaticPages() {
    for (String file : FILES) {
      pages.put("/" + file, Page.read("web/" + file, file, "no-cache"));
    }
    pages.put("/", Page.read("web/index.html", "index.html", "no-cache"));
    asset(ECHARTS, "echarts.js");
    asset(CODEMIRROR + "lib/codemirror.js", "codemirror.js");
    asset(CODEMIRROR + "lib/codemirror.css", "codemirror.css");
    asset(CODEMIRROR + "mode/yaml/yaml.js", "codemirror-yaml.js");
    asset(CODEMIRROR + "mode/sql/sql.js", "codemirror-sql.js");
    asset(CODEMIRROR + "addon/hint/show-hint.js", "codemirror-hint.js");
    asset(CODEMIRROR + "addon/edit/matchbrackets.js", "codemirror-brackets.js");
    asset(CODEMIRROR + "addon/comment/comment.js", "codemirror-comment.js");
  }

  private void asset(String resource, String name) {
    pages.put("/assets/" + name, Page.read(resource, name, "max-age=86400"));
  }

  /** Mounts every page; none needs a log-in, since none holds data. */
  public static void mount(Router router) {
    new StaticPages()
        .pages.forEach((path, page) -> router.get(path).handler(context -> page.answer(context)));
  }

  /** One file with what its answer needs. */
  private record Page(Buffer content, String type, String etag, String caching) {

    static Page read(String resource, String name, String caching) {
      try (InputStream stream = StaticPages.class.getClassLoader().getResourceAsStream(resource)) {
        if (stream == null) {
          throw new ChengmaiException(ErrorCode.INTERNAL, "the class path lacks " + resource);
        }
        byte[] bytes = stream.readAllBytes();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
        String type =
            TYPES.getOrDefault(
                name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
        String etag = '"' + HexFormat.of().formatHex(hash, 0, 12) + '"';
        return new Page(Buffer.buffer(bytes), type, etag, caching);
      } catch (IOException | NoSuchAlgorithmException e) {
        throw new ChengmaiException(ErrorCode.INTERNAL, "cannot read " + resource, e);
      }
    }

    void answer(RoutingContext context) {
      HttpServerRequest request = context.request();
      HttpServerResponse response =
          context
              .response()
              .putHeader("ETag", etag)
              .putHeader("Cache-Control", caching)
              .putHeader("X-Content-Type-Options", "nosniff")
              .putHeader("Referrer-Policy", "no-referrer")
              .putHeader("Content-Security-Policy", policy(request.authority()));
      if (etag.equals(request.getHeader("If-None-Match"))) {
        response.setStatusCode(304).end();
      } else {
        response.putHeader("Content-Type", type).end(content);
      }
    }

    /** Older browsers do not count a websocket of the same host as 'self', so it is named. */
    private static String policy(HostAndPort authority) {
      String host = authority == null ? "" : authority.toString();
      String sockets = HOST.matcher(host).matches() ? " ws://" + host + " wss://" + host : "";
      return "default-src 'self'; connect-src 'self'"
          + sockets
          + "; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";
    }
  }
}
