package org.chengmai.connectors.feed;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import io.vertx.mqtt.messages.MqttPublishMessage;
import io.vertx.mqtt.messages.MqttSubscribeMessage;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubAckReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubRecReasonCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An MQTT endpoint (3.1.1 and 5) to which sensors publish observations: topic {@code observations},
 * or {@code observations/<series>} for rows that name no series; payload as in HTTP's JSON. User
 * name and token sign in; the role is operator. Nobody can subscribe.
 *
 * <p>QoS 1 and 2 are acknowledged after the intake has stored the message, bad rows included (they
 * are dead letters then). When it cannot store, the connection is closed without an
 * acknowledgement, and the client sends again after it reconnected.
 *
 * <p>A message is stored once by its key: the MQTT 5 user property {@code idempotency-key}, else
 * for QoS 1 and 2 the client id with a hash of topic and payload. So a message that is sent again
 * (DUP) is one, in the same session or a new one, also after our restart; a packet id would not
 * tell, since it starts over. The price: two equal messages of one client within the life of keys
 * are one. Events that are equal in series, time and value need an {@code id}. QoS 0 has no
 * protection.
 */
public final class MqttFeed implements Feed {
  /** The user property of MQTT 5 that carries a sender's own key. */
  public static final String KEY_PROPERTY = "idempotency-key";

  private static final Logger LOG = LoggerFactory.getLogger(MqttFeed.class);
  private static final String NAME = "mqtt";
  private static final int MAX_SESSIONS = 20_000;
  private static final String TOPIC = "observations";

  private final Vertx vertx;
  private final WorkerExecutor executor;
  private final MqttConfig config;
  private final ObservationParser parser;
  private final SignIn signIn;
  private final Intake intake;
  private final Map<String, Boolean> sessions = Collections.synchronizedMap(new RecentSessions());
  private volatile @Nullable MqttServer server;
  private volatile String problem = "not started";

  /**
   * @param executor runs the parsing
   */
  public MqttFeed(
      Vertx vertx,
      WorkerExecutor executor,
      MqttConfig config,
      ObservationParser parser,
      SignIn signIn,
      Intake intake) {
    this.vertx = vertx;
    this.executor = executor;
    this.config = config;
    this.parser = parser;
    this.signIn = signIn;
    this.intake = intake;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String problem() {
    return problem;
  }

  /** Listens; not to be called on an event loop. */
  @Override
  public void start() {
    MqttServerOptions options =
        new MqttServerOptions()
            .setMaxMessageSize(parser.limits().maxRequestBytes())
            .setMaxClientIdLength(128)
            .setTimeoutOnConnect(10);
    options.setHost(config.host()).setPort(config.port());
    MqttServer listening =
        MqttServer.create(vertx, options)
            .endpointHandler(this::connect)
            .exceptionHandler(this::failed);
    try {
      listening.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      problem = "port %d: %s".formatted(config.port(), e.getMessage());
      throw new ChengmaiException(
          ErrorCode.EXTERNAL,
          "MQTT cannot listen on %s:%d: %s".formatted(config.host(), config.port(), e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "starting MQTT was interrupted", e);
    }
    server = listening;
    problem = "";
  }

  /** The port it listens on. */
  public int port() {
    MqttServer listening = server;
    return listening == null ? config.port() : listening.actualPort();
  }

  @Override
  public void close() {
    MqttServer listening = server;
    server = null;
    problem = "closed";
    if (listening != null) {
      listening.close();
    }
  }

  private void failed(Throwable failure) {
    LOG.atDebug().setCause(failure).log("an MQTT connection failed");
  }

  private void connect(MqttEndpoint endpoint) {
    boolean isFive = endpoint.protocolVersion() == 5;
    Principal principal =
        endpoint.auth() == null
                || endpoint.auth().getUsername() == null
                || endpoint.auth().getPassword() == null
            ? null
            : signIn.principal(endpoint.auth().getUsername(), endpoint.auth().getPassword());
    if (principal == null) {
      endpoint.reject(
          isFive
              ? MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD
              : MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD);
      return;
    }
    if (!principal.role().includes(Role.OPERATOR)) {
      endpoint.reject(
          isFive
              ? MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5
              : MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED);
      return;
    }
    Context context = vertx.getOrCreateContext();
    endpoint.publishAutoAck(false);
    endpoint.exceptionHandler(this::failed);
    endpoint.subscribeHandler(subscription -> refuse(endpoint, subscription));
    endpoint.publishReleaseHandler(endpoint::publishComplete);
    endpoint.publishHandler(message -> take(endpoint, context, principal, message));
    endpoint.accept(isResumed(endpoint, principal));
  }

  /**
   * Whether the client's session goes on. A session here holds nothing, since nobody subscribes and
   * keys find what is sent again; but a client sends again by itself only what belongs to a session
   * that goes on.
   */
  private boolean isResumed(MqttEndpoint endpoint, Principal principal) {
    String client = principal.name() + "\n" + endpoint.clientIdentifier();
    boolean isKnown = sessions.containsKey(client);
    boolean isKept;
    if (endpoint.protocolVersion() == 5) {
      MqttProperties.MqttProperty<?> expiry =
          endpoint.connectProperties().getProperty(MqttProperties.SESSION_EXPIRY_INTERVAL);
      isKept = expiry != null && expiry.value() instanceof Integer seconds && seconds != 0;
    } else {
      isKept = !endpoint.isCleanSession();
    }
    if (isKept) {
      sessions.put(client, true);
    } else {
      sessions.remove(client);
    }
    return isKnown && !endpoint.isCleanSession();
  }

  /**
   * The clients whose sessions go on, of which the one that came longest ago is forgotten when they
   * are too many.
   */
  private static final class RecentSessions extends LinkedHashMap<String, Boolean> {
    private static final long serialVersionUID = 1L;

    RecentSessions() {
      super(64, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > MAX_SESSIONS;
    }
  }

  private static void refuse(MqttEndpoint endpoint, MqttSubscribeMessage subscription) {
    endpoint.subscribeAcknowledge(
        subscription.messageId(),
        Collections.nCopies(subscription.topicSubscriptions().size(), MqttQoS.FAILURE));
  }

  private void take(
      MqttEndpoint endpoint, Context context, Principal principal, MqttPublishMessage message) {
    // Ordered: messages of one client are stored in the order in which they came.
    executor
        .<CompletionStage<Receipt>>executeBlocking(() -> submit(endpoint, principal, message), true)
        .compose(stage -> Future.fromCompletionStage(stage, context))
        .onSuccess(receipt -> acknowledge(endpoint, message, receipt))
        .onFailure(failure -> refuse(endpoint, failure));
  }

  private CompletionStage<Receipt> submit(
      MqttEndpoint endpoint, Principal principal, MqttPublishMessage message) {
    byte[] payload = message.payload().getBytes();
    String topic = message.topicName();
    Batch batch;
    if (topic.equals(TOPIC) || topic.startsWith(TOPIC + "/")) {
      String series = topic.equals(TOPIC) ? null : topic.substring(TOPIC.length() + 1);
      batch =
          parser.parse(NAME, new Reading(RowFormat.JSON, series, TimeUnit.MILLISECONDS), payload);
    } else {
      batch =
          bad(
              "topic '%s' is neither 'observations' nor 'observations/<series>'"
                  .formatted(Rows.shown(topic)),
              payload);
    }
    if (batch.isEmpty()) {
      batch = bad("the message holds no observation", payload);
    }
    return intake.submit(principal, key(endpoint, message, payload), batch);
  }

  private Batch bad(String reason, byte[] payload) {
    return new Batch(
        NAME,
        Reading.of(RowFormat.JSON),
        List.of(),
        List.of(BadRecord.of(reason, payload, parser.limits())));
  }

  private static @Nullable String key(
      MqttEndpoint endpoint, MqttPublishMessage message, byte[] payload) {
    if (message.properties() != null) {
      for (MqttProperties.MqttProperty<?> property :
          message.properties().getProperties(MqttProperties.USER_PROPERTY)) {
        if (property.value() instanceof MqttProperties.StringPair pair
            && pair.key.equals(KEY_PROPERTY)) {
          return "mqtt/" + pair.value;
        }
      }
    }
    if (message.qosLevel() == MqttQoS.AT_MOST_ONCE) {
      return null;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(message.topicName().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return "mqtt/%s/%s"
          .formatted(
              endpoint.clientIdentifier(), HexFormat.of().formatHex(digest.digest(payload), 0, 16));
    } catch (NoSuchAlgorithmException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "this Java has no SHA-256", e);
    }
  }

  private static void acknowledge(
      MqttEndpoint endpoint, MqttPublishMessage message, Receipt receipt) {
    if (!endpoint.isConnected()) {
      return;
    }
    boolean isUseless =
        receipt.accepted() == 0 && receipt.rejected() > 0 && endpoint.protocolVersion() == 5;
    switch (message.qosLevel()) {
      case AT_LEAST_ONCE -> {
        if (isUseless) {
          endpoint.publishAcknowledge(
              message.messageId(),
              MqttPubAckReasonCode.PAYLOAD_FORMAT_INVALID,
              MqttProperties.NO_PROPERTIES);
        } else {
          endpoint.publishAcknowledge(message.messageId());
        }
      }
      case EXACTLY_ONCE -> {
        if (isUseless) {
          endpoint.publishReceived(
              message.messageId(),
              MqttPubRecReasonCode.PAYLOAD_FORMAT_INVALID,
              MqttProperties.NO_PROPERTIES);
        } else {
          endpoint.publishReceived(message.messageId());
        }
      }
      default -> {}
    }
  }

  private static void refuse(MqttEndpoint endpoint, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    LOG.atWarn()
        .addKeyValue("client", endpoint.clientIdentifier())
        .addKeyValue("cause", cause.getMessage())
        .log("an MQTT client has to send again");
    if (!endpoint.isConnected()) {
      return;
    }
    if (endpoint.protocolVersion() == 5) {
      // closes, too
      endpoint.disconnect(MqttDisconnectReasonCode.SERVER_BUSY, MqttProperties.NO_PROPERTIES);
    } else {
      endpoint.close();
    }
  }
}
