package org.chengmai.engine.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.chengmai.engine.sql.SqlEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of messages that no client should send harm nobody else. {@code -Dchengmai.seed=N}
 * repeats a run, {@code -Dchengmai.inputs=N} sets its size.
 */
final class BadMessagesTest {
  private static final long SEED = Long.getLong("chengmai.seed", 20_261_130L);
  private static final int INPUTS = Integer.getInteger("chengmai.inputs", 10_000);

  @TempDir Path folder;

  @Test
  @Timeout(300)
  void othersGetTheirAnswersMeanwhileAndAfterwards() throws Exception {
    Random random = new Random(SEED);
    try (PostgresServer server = new PostgresServer(folder);
        Connection good = server.connect("prepareThreshold=1");
        PreparedStatement statement =
            good.prepareStatement("select region from env.air where v = ?")) {
      List<Socket> halfOpen = new ArrayList<>();
      for (int i = 0; i < INPUTS; i++) {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.setTcpNoDelay(true);
        send(socket, input(random));
        if (random.nextInt(50) == 0) {
          // stays there and says nothing more
          halfOpen.add(socket);
        } else if (random.nextInt(4) == 0) {
          assertThat(drained(socket)).as("seed %d, input %d", SEED, i).isTrue();
          socket.close();
        } else {
          socket.close();
        }
        if (i % 100 == 0) {
          assertAnswers(statement, i);
        }
      }
      assertAnswers(statement, INPUTS);
      for (Socket socket : halfOpen) {
        socket.close();
      }
      while (server.engine().queries(SqlEngine.INTERNAL).stream().findAny().isPresent()) {
        Thread.onSpinWait();
      }
    }
  }

  private static void assertAnswers(PreparedStatement statement, int after) throws Exception {
    statement.setInt(1, 20);
    try (ResultSet result = statement.executeQuery()) {
      assertThat(result.next()).as("seed %d, after %d inputs", SEED, after).isTrue();
      assertThat(result.getString(1)).isEqualTo("城西");
    }
  }

  private static void send(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      // the server has had enough
    }
  }

  /** Reads to the end, or for a moment; false when the server sends without end. */
  private static boolean drained(Socket socket) throws IOException {
    socket.setSoTimeout(20);
    byte[] buffer = new byte[65_536];
    long read = 0;
    try {
      InputStream in = socket.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        read += count;
        if (read > 50_000_000) {
          return false;
        }
      }
    } catch (SocketTimeoutException | SocketException e) {
      // nothing more comes
    }
    return true;
  }

  /** A talk as a client has it, with something wrong in it. */
  private static byte[] input(Random random) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    switch (random.nextInt(8)) {
      case 0 -> out.write(noise(random, 1 + random.nextInt(300)));
      case 1 -> {
        out.writeInt(random.nextInt());
        out.write(noise(random, random.nextInt(50)));
      }
      case 2 -> {
        startUp(out);
        out.write(noise(random, random.nextInt(300)));
      }
      case 3 -> {
        logIn(out);
        out.write(noise(random, random.nextInt(300)));
      }
      case 4 -> {
        logIn(out);
        out.writeByte("QPBDECSHXFpdcf".charAt(random.nextInt(14)));
        out.writeInt(random.nextBoolean() ? random.nextInt() : random.nextInt(5_000_000));
        out.write(noise(random, random.nextInt(100)));
      }
      case 5 -> {
        // the right sizes around the wrong contents
        logIn(out);
        for (int i = 0; i < 4; i++) {
          byte[] body = noise(random, random.nextInt(60));
          out.writeByte("QPBDECSHF".charAt(random.nextInt(9)));
          out.writeInt(4 + body.length);
          out.write(body);
        }
      }
      case 6 -> {
        out.writeInt(16);
        out.writeInt(80877102);
        out.writeInt(random.nextInt(2000));
        out.writeInt(random.nextInt());
      }
      default -> {
        // a right talk
        logIn(out);
        message(out, 'P', text("s"), text("select v from env.air where region = $1"), shorts(0));
        message(out, 'B', text("p"), text("s"), shorts(1, 1, 1), value("城东"), shorts(1, 1));
        message(out, 'D', new byte[] {'P'}, text("p"));
        message(out, 'E', text("p"), new byte[4]);
        message(out, 'S');
        message(out, 'Q', text("select 1; select region from env.air"));
      }
    }
    byte[] talk = bytes.toByteArray();
    // a few bytes of it are others
    for (int i = random.nextInt(4); i > 0 && talk.length > 0; i--) {
      talk[random.nextInt(talk.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(3) == 0 ? Arrays.copyOf(talk, random.nextInt(talk.length + 1)) : talk;
  }

  private static byte[] noise(Random random, int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private static void startUp(DataOutputStream out) throws IOException {
    byte[] parameters =
        "user\0ana\0database\0chengmai\0client_encoding\0UTF8\0\0".getBytes(StandardCharsets.UTF_8);
    out.writeInt(8 + parameters.length);
    out.writeInt(3 << 16);
    out.write(parameters);
  }

  private static void logIn(DataOutputStream out) throws IOException {
    startUp(out);
    message(out, 'p', text("secret"));
  }

  private static byte[] text(String text) {
    return (text + "\0").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] shorts(int... values) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int value : values) {
      new DataOutputStream(bytes).writeShort(value);
    }
    return bytes.toByteArray();
  }

  private static byte[] value(String text) throws IOException {
    byte[] value = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new DataOutputStream(bytes).writeInt(value.length);
    bytes.write(value);
    return bytes.toByteArray();
  }

  private static void message(DataOutputStream out, char kind, byte[]... parts) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      body.write(part);
    }
    out.writeByte(kind);
    out.writeInt(4 + body.size());
    out.write(body.toByteArray());
  }
}
