package org.chengmai.dashboards.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.chengmai.indicators.yaml.RecordReader;
import org.chengmai.indicators.yaml.YamlProblems;
import org.junit.jupiter.api.Test;

class GrafanaConfigTest {

  @Test
  void defaults() {
    GrafanaConfig config = GrafanaConfig.defaults();
    assertThat(config.isEnabled()).isFalse();
    assertThat(config.url()).isEqualTo("http://127.0.0.1:3000");
    assertThat(
            new RecordReader(new YamlProblems("c.yaml"), name -> null)
                .read("{}", GrafanaConfig.class))
        .isEqualTo(config);
  }

  @Test
  void everyKeyIsMapped() {
    YamlProblems problems = new YamlProblems("c.yaml");
    GrafanaConfig config =
        new RecordReader(problems, name -> name.equals("GRAFANA_TOKEN") ? "glsa_x" : null)
            .read(
                """
                url: https://grafana.example/sub/
                token: ${ENV:GRAFANA_TOKEN}
                folder: 城市
                name: city-2
                flight_address: 10.0.0.5:8815
                flight_token: t
                flight_tls: true
                timeout: PT3S
                batches_per_second: 2
                queue_limit: 100
                alert_limit: 200
                resend_every: PT1M
                first_retry: PT1S
                last_retry: PT1M
                recheck_every: PT1H
                """,
                GrafanaConfig.class);
    assertThat(problems.list()).isEmpty();
    assertThat(config)
        .isEqualTo(
            new GrafanaConfig(
                "https://grafana.example/sub",
                "glsa_x",
                "城市",
                "city-2",
                "10.0.0.5:8815",
                "t",
                true,
                Duration.ofSeconds(3),
                2,
                100,
                200,
                Duration.ofMinutes(1),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ofHours(1)));
  }

  @Test
  void reportsAllProblemsTogether() {
    assertThatThrownBy(
            () ->
                new GrafanaConfig(
                    "grafana:3000",
                    "",
                    " ",
                    "Ü",
                    "nowhere",
                    "",
                    false,
                    Duration.ZERO,
                    9,
                    0,
                    1,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1)))
        .hasMessageContainingAll(
            "grafana:3000",
            "folder",
            "'Ü'",
            "'nowhere'",
            "batches_per_second 9",
            "queue_limit 0",
            "PT0S",
            "last_retry");
  }

  @Test
  void neverPrintsItsTokens() {
    GrafanaConfig config = GrafanaTests.config("http://127.0.0.1:1", "glsa_secret");
    assertThat(config.toString())
        .doesNotContain("glsa_secret")
        .doesNotContain(config.flightToken());
    assertThat(config.redact("Bearer glsa_secret")).isEqualTo("Bearer ***");
  }

  @Test
  void pausesDoubleUpToTheLast() {
    GrafanaConfig config = GrafanaConfig.defaults();
    assertThat(config.pause(1)).isEqualTo(Duration.ofMillis(500));
    assertThat(config.pause(3)).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.pause(1000)).isEqualTo(Duration.ofSeconds(30));
  }
}
