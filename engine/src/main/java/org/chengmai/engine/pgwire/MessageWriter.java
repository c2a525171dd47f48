package org.chengmai.engine.pgwire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.chengmai.engine.sql.PostgresType;

/** Puts messages to a client into bytes. Not thread-safe. */
final class MessageWriter {
  private Buffer bytes = Buffer.buffer(512);
  private Charset charset = StandardCharsets.UTF_8;
  private int start;

  /** Texts from now on. */
  void charset(Charset charset) {
    this.charset = charset;
  }

  Charset charset() {
    return charset;
  }

  MessageWriter start(char kind) {
    bytes.appendByte((byte) kind);
    start = bytes.length();
    bytes.appendInt(0);
    return this;
  }

  void end() {
    bytes.setInt(start, bytes.length() - start);
  }

  MessageWriter int1(int value) {
    bytes.appendByte((byte) value);
    return this;
  }

  MessageWriter int2(int value) {
    bytes.appendShort((short) value);
    return this;
  }

  MessageWriter int4(int value) {
    bytes.appendInt(value);
    return this;
  }

  MessageWriter int8(long value) {
    bytes.appendLong(value);
    return this;
  }

  /** A text that ends with a zero; zeros in it are left out. */
  MessageWriter text(String text) {
    bytes.appendBytes((text.indexOf(0) < 0 ? text : text.replace("\0", "")).getBytes(charset));
    return int1(0);
  }

  /** A value with its length before it. */
  MessageWriter value(byte[] value) {
    int4(value.length);
    bytes.appendBytes(value);
    return this;
  }

  MessageWriter value(String value) {
    return value(value.getBytes(charset));
  }

  void error(String severity, PostgresError error) {
    notice('E', severity, error);
  }

  void warning(String message) {
    notice('N', "WARNING", new PostgresError("01000", message, 0));
  }

  private void notice(char kind, String severity, PostgresError what) {
    start(kind).int1('S').text(severity).int1('V').text(severity);
    int1('C').text(what.state()).int1('M').text(what.message());
    if (what.position() > 0) {
      int1('P').text(String.valueOf(what.position()));
    }
    int1(0).end();
  }

  void parameter(String name, String value) {
    start('S').text(name).text(value).end();
  }

  void ready(char state) {
    start('Z').int1(state).end();
  }

  void complete(String tag) {
    start('C').text(tag).end();
  }

  /** A message without fields. */
  void bare(char kind) {
    start(kind).end();
  }

  /**
   * @param formats one for each column
   */
  void columns(List<WireColumn> columns, List<Integer> formats) {
    start('T').int2(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      PostgresType type = columns.get(i).type();
      text(columns.get(i).name()).int4(0).int2(0);
      int4(type.oid()).int2(type.size()).int4(-1).int2(formats.get(i));
    }
    end();
  }

  void parameters(List<Integer> types) {
    start('t').int2(types.size());
    types.forEach(this::int4);
    end();
  }

  int length() {
    return bytes.length();
  }

  /** What was written, which is forgotten here. */
  Buffer take() {
    Buffer taken = bytes;
    bytes = Buffer.buffer(512);
    return taken;
  }
}
