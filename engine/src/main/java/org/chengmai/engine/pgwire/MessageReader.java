package org.chengmai.engine.pgwire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;

/** Reads the fields of one message; what does not fit is a {@link PostgresError.Refusal}. */
final class MessageReader {
  private final ByteBuffer bytes;
  private final Charset charset;

  MessageReader(byte[] body, Charset charset) {
    this.bytes = ByteBuffer.wrap(body);
    this.charset = charset;
  }

  int int1() {
    need(1);
    return bytes.get() & 0xff;
  }

  /** Unsigned, as all counts are. */
  int int2() {
    need(2);
    return bytes.getShort() & 0xffff;
  }

  int int4() {
    need(4);
    return bytes.getInt();
  }

  byte[] bytes(int count) {
    need(count);
    byte[] read = new byte[count];
    bytes.get(read);
    return read;
  }

  /** A text that ends with a zero. */
  String text() {
    int start = bytes.position();
    int end = start;
    while (end < bytes.limit() && bytes.get(end) != 0) {
      end++;
    }
    if (end == bytes.limit()) {
      throw broken();
    }
    byte[] read = bytes(end - start);
    bytes.get();
    return text(read, charset);
  }

  static String text(byte[] bytes, Charset charset) {
    try {
      return charset
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new PostgresError.Refusal("22021", "a text is not in the encoding " + charset);
    }
  }

  boolean isAtEnd() {
    return !bytes.hasRemaining();
  }

  void end() {
    if (bytes.hasRemaining()) {
      throw broken();
    }
  }

  /** Whether so many things of that size can be in the rest. */
  void need(int count, int size) {
    if ((long) count * size > bytes.remaining()) {
      throw broken();
    }
  }

  private void need(int count) {
    if (count < 0 || count > bytes.remaining()) {
      throw broken();
    }
  }

  static PostgresError.Refusal broken() {
    return new PostgresError.Refusal(PostgresError.PROTOCOL, "invalid message format");
  }
}
