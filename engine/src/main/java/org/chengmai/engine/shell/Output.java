package org.chengmai.engine.shell;

import com.google.common.base.Throwables;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Where results go, in UTF-8. Unlike a PrintStream it tells when they do not arrive: by an
 * UncheckedIOException.
 */
public final class Output implements AutoCloseable {
  private final OutputStream out;

  private Output(OutputStream out) {
    this.out = new BufferedOutputStream(out, 1 << 16);
  }

  public static Output of(OutputStream out) {
    return new Output(out);
  }

  /** The process's standard output. */
  public static Output standard() {
    return of(new FileOutputStream(FileDescriptor.out));
  }

  /** Whether whoever read the output has left, as {@code head} does. */
  public static boolean isLeft(UncheckedIOException error) {
    return "Broken pipe".equals(Throwables.getRootCause(error).getMessage());
  }

  void print(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(bytes, bytes.length);
  }

  void write(byte[] bytes, int length) {
    try {
      out.write(bytes, 0, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
