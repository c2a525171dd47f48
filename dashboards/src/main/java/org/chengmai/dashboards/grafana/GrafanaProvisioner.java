package org.chengmai.dashboards.grafana;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chengmai.dashboards.Dashboard;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that Grafana has our folder, our data source and our boards. Doing it again changes
 * nothing that is as it should be. Safe for use by several threads.
 */
public final class GrafanaProvisioner {
  private static final Logger LOG = LoggerFactory.getLogger(GrafanaProvisioner.class);
  private static final String PLUGIN = "influxdb";

  private final Vertx vertx;
  private final Context context;
  private final GrafanaClient client;
  private final GrafanaConfig config;
  private final BoardJson json;
  private List<Dashboard> wanted = List.of();
  private boolean running;
  private boolean changed;
  private boolean closed;
  private int failures;
  private long timer = -1;
  private volatile @Nullable Outcome last;
  private volatile @Nullable String problem;

  /**
   * @param client closed by whoever made it
   */
  public GrafanaProvisioner(Vertx vertx, GrafanaClient client, GrafanaConfig config) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.client = client;
    this.config = config;
    this.json = new BoardJson(config.name(), config.name());
  }

  /**
   * What one run found and did.
   *
   * @param version of Grafana
   * @param organisation that the token belongs to
   * @param written uids that were created or changed
   * @param unchanged uids of boards that Grafana had already
   * @param dataSource whether Grafana reaches our Flight SQL endpoint
   */
  public record Outcome(
      String version,
      String organisation,
      List<String> written,
      List<String> unchanged,
      GrafanaClient.SourceHealth dataSource) {}

  /**
   * Keeps Grafana's boards equal to these from now on: at once, again after failures, and again
   * from time to time.
   */
  public void keep(List<Dashboard> boards) {
    List<Dashboard> copy = List.copyOf(boards);
    context.runOnContext(
        nothing -> {
          wanted = copy;
          changed = true;
          run();
        });
  }

  public void close() {
    context.runOnContext(
        nothing -> {
          closed = true;
          vertx.cancelTimer(timer);
        });
  }

  /** The last run that succeeded. */
  public Optional<Outcome> outcome() {
    return Optional.ofNullable(last);
  }

  /** Why the last run failed, and the cure; empty when it succeeded. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  private void run() {
    if (running || closed) {
      return;
    }
    running = true;
    changed = false;
    vertx.cancelTimer(timer);
    provision(wanted)
        .onComplete(
            result -> {
              running = false;
              if (result.succeeded()) {
                failures = 0;
                problem = null;
                last = result.result();
              } else {
                failures++;
                String message = result.cause().getMessage();
                if (!String.valueOf(message).equals(problem)) {
                  LOG.atWarn().log("Grafana is not provisioned: {}", message);
                }
                problem = String.valueOf(message);
              }
              if (changed) {
                run();
              } else if (!closed) {
                long pause =
                    (failures == 0 ? config.recheckEvery() : config.pause(failures)).toMillis();
                timer = vertx.setTimer(pause, id -> run());
              }
            });
  }

  /** Provisions once. */
  public Future<Outcome> provision(List<Dashboard> boards) {
    List<String> written = new ArrayList<>();
    List<String> unchanged = new ArrayList<>();
    return client
        .health()
        .compose(
            health ->
                client
                    .organisation()
                    .compose(
                        organisation ->
                            requirePlugin(health.version())
                                .compose(nothing -> folder(written, unchanged))
                                .compose(nothing -> dataSource())
                                .compose(nothing -> boards(boards, written, unchanged))
                                .compose(nothing -> client.dataSourceHealth(config.name()))
                                .map(
                                    source ->
                                        report(
                                            new Outcome(
                                                health.version(),
                                                organisation.name(),
                                                List.copyOf(written),
                                                List.copyOf(unchanged),
                                                source)))));
  }

  private Outcome report(Outcome outcome) {
    if (!outcome.dataSource().isOk()) {
      LOG.atWarn()
          .log(
              "Grafana {} does not reach Chengmai's data at {}: {}; grafana.flight_address must be an address that Grafana"
                  + " can reach, and grafana.flight_token the token of a user with the role analyst",
              outcome.version(),
              config.flightAddress(),
              config.redact(outcome.dataSource().message()));
    }
    if (!outcome.written().isEmpty()) {
      LOG.atInfo()
          .addKeyValue("version", outcome.version())
          .addKeyValue("written", outcome.written())
          .log("Grafana has our boards");
    }
    return outcome;
  }

  private Future<Void> requirePlugin(String version) {
    return client
        .dataSourcePlugins()
        .compose(
            plugins ->
                plugins.contains(PLUGIN)
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new ChengmaiException(
                            ErrorCode.EXTERNAL,
                            ("Grafana %s at %s shows no data source plugin '%s', which reads Chengmai's data. Since Grafana 13 it is no"
                                    + " longer part of the core but lies in the folder plugins-bundled, and an upgrade without internet"
                                    + " can lose it. Cure: in grafana.ini set, under [paths], bundled_plugins to that folder (of the"
                                    + " image: /usr/share/grafana/plugins-bundled), or install the plugin, and restart Grafana. If it is"
                                    + " there, the service account's role is too low to see it.")
                                .formatted(version, config.url(), PLUGIN))));
  }

  private Future<Void> folder(List<String> written, List<String> unchanged) {
    return client
        .folder(config.name())
        .compose(
            found -> {
              if (found.isEmpty()) {
                written.add("folder " + config.name());
                return client.createFolder(config.name(), config.folder());
              }
              if (config.folder().equals(found.get().getString("title"))) {
                unchanged.add("folder " + config.name());
                return Future.succeededFuture();
              }
              written.add("folder " + config.name());
              return client.updateFolder(config.name(), config.folder());
            });
  }

  /** Always written: whether the token that Grafana keeps is still ours cannot be read back. */
  private Future<Void> dataSource() {
    JsonObject wantedSource =
        new JsonObject()
            .put("uid", config.name())
            .put("name", config.folder())
            .put("type", PLUGIN)
            .put("access", "proxy")
            .put("url", (config.flightTls() ? "https://" : "http://") + config.flightAddress())
            .put("isDefault", false)
            .put(
                "jsonData",
                new JsonObject()
                    .put("version", "SQL")
                    .put("dbName", config.name())
                    .put("insecureGrpc", !config.flightTls())
                    .put("httpMode", "POST"))
            .put("secureJsonData", new JsonObject().put("token", config.flightToken()));
    return client
        .dataSource(config.name())
        .compose(
            found -> {
              if (found.isEmpty()) {
                return client.createDataSource(wantedSource);
              }
              if (found.get().getBoolean("readOnly", false)) {
                return Future.failedFuture(
                    new ChengmaiException(
                        ErrorCode.CONFLICT,
                        "Grafana's data source '%s' comes from a provisioning file and cannot be changed; take it out of the file or change grafana.name"
                            .formatted(config.name())));
              }
              return client.updateDataSource(config.name(), wantedSource);
            });
  }

  private Future<Void> boards(
      List<Dashboard> boards, List<String> written, List<String> unchanged) {
    Future<Void> done = Future.succeededFuture();
    for (Dashboard board : boards) {
      done = done.compose(nothing -> board(json.dashboard(board), written, unchanged));
    }
    return done;
  }

  private Future<Void> board(JsonObject board, List<String> written, List<String> unchanged) {
    String uid = board.getString("uid");
    return client
        .dashboard(uid)
        .compose(
            found -> {
              if (found.isPresent() && isSame(found.get(), board)) {
                unchanged.add(uid);
                return Future.succeededFuture();
              }
              written.add(uid);
              return client.putDashboard(board, config.name(), "Chengmai");
            });
  }

  /** The description ends in a fingerprint of the board that we wrote. */
  private boolean isSame(JsonObject found, JsonObject board) {
    JsonObject meta = found.getJsonObject("meta", new JsonObject());
    return board
            .getString("description")
            .equals(found.getJsonObject("dashboard", new JsonObject()).getString("description"))
        && config.name().equals(meta.getString("folderUid"));
  }
}
