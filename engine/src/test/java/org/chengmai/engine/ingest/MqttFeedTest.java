package org.chengmai.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.chengmai.connectors.feed.MqttConfig;
import org.chengmai.connectors.feed.MqttFeed;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The MQTT endpoint with a real client of both versions. */
class MqttFeedTest {
  /** A feed with its Vert.x. */
  private abstract static class Endpoint extends FeedContract {
    final String client = "sensor-" + UUID.randomUUID();
    private Vertx vertx;
    MqttFeed feed;

    @Override
    protected void open() throws Exception {
      vertx = Vertx.vertx();
      feed =
          new MqttFeed(
              vertx,
              vertx.createSharedWorkerExecutor("mqtt", 2),
              new MqttConfig("127.0.0.1", 0),
              parser,
              (name, token) ->
                  token.equals("secret")
                      ? new Principal(name, name.equals("guest") ? Role.VIEWER : Role.OPERATOR)
                      : null,
              intake);
      feed.start();
      connect();
    }

    @Override
    protected void stop() throws Exception {
      feed.close();
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    abstract void connect() throws Exception;
  }

  @Nested
  class Version311 extends Endpoint {
    private Mqtt3AsyncClient mqtt;

    @Override
    void connect() throws Exception {
      mqtt =
          MqttClient.builder()
              .useMqttVersion3()
              .identifier(client)
              .serverHost("127.0.0.1")
              .serverPort(feed.port())
              .simpleAuth()
              .username("sensors")
              .password("secret".getBytes(StandardCharsets.UTF_8))
              .applySimpleAuth()
              .automaticReconnect()
              .initialDelay(50, TimeUnit.MILLISECONDS)
              .applyAutomaticReconnect()
              .buildAsync();
      mqtt.connectWith().cleanSession(false).send().get(20, TimeUnit.SECONDS);
    }

    @Override
    protected void stop() throws Exception {
      mqtt.disconnect().exceptionally(gone -> null).get(20, TimeUnit.SECONDS);
      super.stop();
    }

    @Override
    protected CompletableFuture<?> send(String json) {
      return send("observations", json, MqttQos.AT_LEAST_ONCE);
    }

    private CompletableFuture<?> send(String topic, String json, MqttQos qos) {
      return mqtt.publishWith()
          .topic(topic)
          .qos(qos)
          .payload(json.getBytes(StandardCharsets.UTF_8))
          .send();
    }

    @Test
    void everyQualityOfServiceArrives() throws Exception {
      for (MqttQos qos : MqttQos.values()) {
        acknowledged(send("observations", row(qos.getCode()), qos));
      }
      await("all three", () -> intake.submissions().size() == 3);
      assertThat(intake.values()).containsExactlyInAnyOrder(0.0, 1.0, 2.0);
    }

    @Test
    void theSeriesMayStandInTheTopic() throws Exception {
      String row = "{\"time\":%d,\"value\":5}".formatted(System.currentTimeMillis());
      acknowledged(send("observations/" + SERIES, row, MqttQos.AT_LEAST_ONCE));
      assertThat(intake.values()).containsExactly(5.0);
    }

    @Test
    void anotherTopicIsABadRow() throws Exception {
      acknowledged(send("weather/城", row(1), MqttQos.AT_LEAST_ONCE));
      assertThat(intake.submissions().get(0).batch().bad().get(0).reason())
          .contains("topic 'weather/城'");
    }

    @Test
    void theSameMessageAgainCarriesTheSameKeyAndAnotherOneAnother() throws Exception {
      String row = row(1);
      acknowledged(send(row));
      acknowledged(send(row));
      acknowledged(send(row(2)));
      assertThat(intake.submissions())
          .extracting(RecordingIntake.Submission::key)
          .doesNotContainNull();
      assertThat(intake.submissions().get(0).key())
          .isEqualTo(intake.submissions().get(1).key())
          .isNotEqualTo(intake.submissions().get(2).key());
    }

    @Test
    void subscriptionsAreRefused() {
      assertThatThrownBy(
              () ->
                  mqtt.subscribeWith()
                      .topicFilter("#")
                      .callback(message -> {})
                      .send()
                      .get(20, TimeUnit.SECONDS))
          .hasMessageContaining("SUBACK contains only Error Codes");
    }
  }

  @Nested
  class Version5 extends Endpoint {
    private Mqtt5AsyncClient mqtt;

    @Override
    void connect() throws Exception {
      mqtt =
          MqttClient.builder()
              .useMqttVersion5()
              .identifier(client)
              .serverHost("127.0.0.1")
              .serverPort(feed.port())
              .simpleAuth()
              .username("sensors")
              .password("secret".getBytes(StandardCharsets.UTF_8))
              .applySimpleAuth()
              .automaticReconnect()
              .initialDelay(50, TimeUnit.MILLISECONDS)
              .applyAutomaticReconnect()
              .buildAsync();
      mqtt.connectWith()
          .cleanStart(false)
          .sessionExpiryInterval(3600)
          .send()
          .get(20, TimeUnit.SECONDS);
    }

    @Override
    protected void stop() throws Exception {
      mqtt.disconnect().exceptionally(gone -> null).get(20, TimeUnit.SECONDS);
      super.stop();
    }

    @Override
    protected CompletableFuture<Mqtt5PublishResult> send(String json) {
      return mqtt.publishWith()
          .topic("observations")
          .qos(MqttQos.AT_LEAST_ONCE)
          .payload(json.getBytes(StandardCharsets.UTF_8))
          .send();
    }

    @Test
    void exactlyOnceIsAcknowledgedInItsFourSteps() throws Exception {
      acknowledged(
          mqtt.publishWith()
              .topic("observations")
              .qos(MqttQos.EXACTLY_ONCE)
              .payload(row(4).getBytes(StandardCharsets.UTF_8))
              .send());
      assertThat(intake.values()).containsExactly(4.0);
    }

    @Test
    void rubbishIsNamedInTheAcknowledgement() {
      assertThatThrownBy(() -> send("rubbish").get(20, TimeUnit.SECONDS))
          .hasMessageContaining("PUBACK contained an Error Code");
    }

    @Test
    void theSendersOwnKeyIsTaken() throws Exception {
      acknowledged(
          mqtt.publishWith()
              .topic("observations")
              .qos(MqttQos.AT_LEAST_ONCE)
              .payload(row(4).getBytes(StandardCharsets.UTF_8))
              .userProperties()
              .add(MqttFeed.KEY_PROPERTY, "batch-17")
              .applyUserProperties()
              .send());
      assertThat(intake.submissions().get(0).key()).isEqualTo("mqtt/batch-17");
    }

    @Test
    void aWrongTokenAndAViewerAreRefused() {
      assertThatThrownBy(() -> stranger("sensors", "wrong").connect())
          .hasMessageContaining("BAD_USER_NAME_OR_PASSWORD");
      assertThatThrownBy(() -> stranger("guest", "secret").connect())
          .hasMessageContaining("NOT_AUTHORIZED");
    }

    private Mqtt5BlockingClient stranger(String user, String token) {
      return MqttClient.builder()
          .useMqttVersion5()
          .serverHost("127.0.0.1")
          .serverPort(feed.port())
          .simpleAuth()
          .username(user)
          .password(token.getBytes(StandardCharsets.UTF_8))
          .applySimpleAuth()
          .buildBlocking();
    }
  }
}
