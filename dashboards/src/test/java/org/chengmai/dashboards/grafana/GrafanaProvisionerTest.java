package org.chengmai.dashboards.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.chengmai.dashboards.BoardIndicator;
import org.chengmai.dashboards.Boards;
import org.chengmai.dashboards.Xining;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrafanaProvisionerTest {
  private final Vertx vertx = Vertx.vertx();
  private FakeGrafana grafana;
  private GrafanaConfig config;

  @BeforeEach
  void start() throws Exception {
    grafana = new FakeGrafana(vertx);
    config = GrafanaTests.config(grafana.url(), FakeGrafana.ADMIN);
  }

  @AfterEach
  void stop() throws Exception {
    grafana.close();
    FakeGrafana.await(vertx.close());
    assertThat(grafana.violations).isEmpty();
  }

  private GrafanaProvisioner provisioner(GrafanaConfig wanted) {
    return new GrafanaProvisioner(vertx, new GrafanaClient(vertx, wanted), wanted);
  }

  private GrafanaProvisioner.Outcome provision() throws Exception {
    return FakeGrafana.await(provisioner(config).provision(Xining.boards()));
  }

  @Test
  void putsFolderDataSourceAndBoards() throws Exception {
    GrafanaProvisioner.Outcome outcome = provision();

    assertThat(outcome.version()).isEqualTo("13.3.0");
    assertThat(outcome.organisation()).isEqualTo("Main Org.");
    assertThat(outcome.dataSource().isOk()).isTrue();
    assertThat(grafana.folders.get("chengmai").getString("title")).isEqualTo("城脉 Chengmai");
    assertThat(grafana.dataSources.get("chengmai").getJsonObject("jsonData").encode())
        .isEqualTo(
            "{\"version\":\"SQL\",\"dbName\":\"chengmai\",\"insecureGrpc\":true,\"httpMode\":\"POST\"}");
    assertThat(
            grafana.dataSources.get("chengmai").getJsonObject("secureJsonData").getString("token"))
        .isEqualTo("flight-secret-91");
    assertThat(grafana.dashboards.keySet())
        .containsExactlyInAnyOrder(
            "chengmai-city",
            "chengmai-d-utilities",
            "chengmai-d-environment",
            "chengmai-d-economy");
    assertThat(grafana.dashboards.get("chengmai-city").getJsonObject("meta").getString("folderUid"))
        .isEqualTo("chengmai");
  }

  @Test
  void doingItAgainWritesNoBoardAndNoFolder() throws Exception {
    provision();
    GrafanaProvisioner.Outcome second = provision();

    assertThat(second.written()).isEmpty();
    assertThat(second.unchanged())
        .containsExactly(
            "folder chengmai",
            "chengmai-city",
            "chengmai-d-utilities",
            "chengmai-d-environment",
            "chengmai-d-economy");
    assertThat(grafana.count("POST /api/dashboards/db")).isEqualTo(4);
    assertThat(grafana.count("POST /api/folders")).isEqualTo(1);
    assertThat(grafana.count("POST /api/datasources")).isEqualTo(1);
    assertThat(
            grafana
                .dashboards
                .get("chengmai-city")
                .getJsonObject("dashboard")
                .getInteger("version"))
        .isEqualTo(1);
  }

  @Test
  void aChangedDefinitionRewritesOnlyTheBoardsThatShowIt() throws Exception {
    provision();
    List<BoardIndicator> fewer =
        List.of(Xining.ENTITIES, Xining.PM25, Xining.LOAD, Xining.AIR_INDEX);
    GrafanaProvisioner.Outcome second =
        FakeGrafana.await(
            provisioner(config).provision(Boards.of(Xining.CITY, Xining.REGIONS, fewer)));

    assertThat(second.written()).containsExactly("chengmai-city", "chengmai-d-utilities");
  }

  @Test
  void aRenamedFolderGetsItsTitleBack() throws Exception {
    provision();
    grafana.folders.get("chengmai").put("title", "renamed");
    assertThat(provision().written()).containsExactly("folder chengmai");
    assertThat(grafana.folders.get("chengmai").getString("title")).isEqualTo("城脉 Chengmai");
  }

  @Test
  void aMissingDataSourcePluginIsExplainedBeforeAnythingIsWritten() {
    grafana.plugins.remove("influxdb");
    assertThatThrownBy(this::provision)
        .isInstanceOf(ExecutionException.class)
        .rootCause()
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContainingAll(
            "13.3.0", "'influxdb'", "plugins-bundled", "bundled_plugins", "restart Grafana");
    assertThat(grafana.calls).noneMatch(call -> call.startsWith("POST"));
  }

  @Test
  void aDataSourceFromAProvisioningFileIsNotTouched() throws Exception {
    provision();
    grafana.dataSources.get("chengmai").put("readOnly", true);
    assertThatThrownBy(this::provision).rootCause().hasMessageContaining("provisioning file");
  }

  @Test
  void anUnreachableFlightEndpointIsPartOfTheOutcome() throws Exception {
    grafana.isSourceReachable = false;
    GrafanaProvisioner.Outcome outcome = provision();
    assertThat(outcome.dataSource().isOk()).isFalse();
    assertThat(outcome.dataSource().message()).contains("connection refused");
  }

  @Test
  void aWrongTokenIsNamedWithItsCureButNotPrinted() {
    config = GrafanaTests.config(grafana.url(), "glsa_wrong_token");
    assertThatThrownBy(this::provision)
        .rootCause()
        .hasMessageContainingAll("GET /api/org answered 401", "Invalid API key", "make a new one")
        .hasMessageNotContaining("glsa_wrong_token")
        .extracting(failure -> ((ChengmaiException) failure).code())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void aTooLowRoleIsNamedWithItsCure() {
    grafana.fail("/api/folders", 403);
    assertThatThrownBy(this::provision)
        .rootCause()
        .hasMessageContainingAll("/api/folders/chengmai answered 403", "Admin");
  }

  @Test
  void keepsTryingUntilGrafanaAnswersAndThenFollowsChanges() throws Exception {
    grafana.fail("/api/health", 500);
    GrafanaProvisioner provisioner = provisioner(config);
    provisioner.keep(Xining.boards());
    GrafanaTests.eventually("the failure shows", () -> provisioner.problem().isPresent());
    assertThat(provisioner.problem().orElseThrow()).contains("answered 500: told to fail");

    grafana.recover();
    GrafanaTests.eventually("the boards are there", () -> provisioner.outcome().isPresent());
    assertThat(provisioner.problem()).isEmpty();

    provisioner.keep(Boards.of(Xining.CITY, Xining.REGIONS, List.of(Xining.LOAD)));
    GrafanaTests.eventually(
        "the change is there",
        () ->
            provisioner
                .outcome()
                .orElseThrow()
                .written()
                .equals(List.of("chengmai-city", "chengmai-d-utilities")));
    provisioner.close();
  }
}
