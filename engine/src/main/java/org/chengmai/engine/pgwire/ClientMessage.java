package org.chengmai.engine.pgwire;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.chengmai.engine.pgwire.FrameDecoder.Frame;
import org.jspecify.annotations.Nullable;

/** What a client that has logged in says. */
sealed interface ClientMessage {
  /** Run these statements. */
  record Query(String sql) implements ClientMessage {}

  /**
   * Prepare a statement.
   *
   * @param types of parameters as far as the client knows them; 0 for an open one
   */
  record Parse(String name, String sql, List<Integer> types) implements ClientMessage {}

  /**
   * Make a portal of a statement and values.
   *
   * @param formats of the values: one for all, or one each; none means text
   * @param resultFormats the same for the result
   */
  record Bind(
      String portal,
      String statement,
      List<Integer> formats,
      List<byte @Nullable []> values,
      List<Integer> resultFormats)
      implements ClientMessage {}

  record Describe(boolean isPortal, String name) implements ClientMessage {}

  /**
   * @param rows at most so many; all when it is not positive
   */
  record Execute(String portal, int rows) implements ClientMessage {}

  record Close(boolean isPortal, String name) implements ClientMessage {}

  record Sync() implements ClientMessage {}

  record Flush() implements ClientMessage {}

  record Terminate() implements ClientMessage {}

  record FunctionCall() implements ClientMessage {}

  /** Of a COPY that does not run; PostgreSQL passes over it too. */
  record CopyPart() implements ClientMessage {}

  static ClientMessage of(Frame frame, Charset charset) {
    MessageReader in = new MessageReader(frame.body(), charset);
    ClientMessage message =
        switch (frame.kind()) {
          case 'Q' -> new Query(in.text());
          case 'P' -> new Parse(in.text(), in.text(), types(in));
          case 'B' -> new Bind(in.text(), in.text(), formats(in), values(in), formats(in));
          case 'D' -> new Describe(isPortal(in), in.text());
          case 'E' -> new Execute(in.text(), in.int4());
          case 'C' -> new Close(isPortal(in), in.text());
          case 'S' -> new Sync();
          case 'H' -> new Flush();
          case 'X' -> new Terminate();
          case 'F' -> new FunctionCall();
          case 'd', 'c', 'f' -> new CopyPart();
          default -> throw MessageReader.broken();
        };
    if (!(message instanceof FunctionCall || message instanceof CopyPart)) {
      in.end();
    }
    return message;
  }

  private static boolean isPortal(MessageReader in) {
    return switch (in.int1()) {
      case 'P' -> true;
      case 'S' -> false;
      default -> throw MessageReader.broken();
    };
  }

  private static List<Integer> types(MessageReader in) {
    int count = in.int2();
    in.need(count, 4);
    List<Integer> types = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      types.add(in.int4());
    }
    return types;
  }

  private static List<Integer> formats(MessageReader in) {
    int count = in.int2();
    in.need(count, 2);
    List<Integer> formats = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int format = in.int2();
      if (format > 1) {
        throw MessageReader.broken();
      }
      formats.add(format);
    }
    return formats;
  }

  private static List<byte @Nullable []> values(MessageReader in) {
    int count = in.int2();
    in.need(count, 4);
    List<byte @Nullable []> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int length = in.int4();
      values.add(length == -1 ? null : in.bytes(length));
    }
    return values;
  }
}
