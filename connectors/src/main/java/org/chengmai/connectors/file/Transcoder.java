package org.chengmai.connectors.file;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Writes a text file again in UTF-8 without BOM.
 *
 * <p>Strict: a byte that is no text in the charset is an error, never a replacement character. Text
 * in GB18030 is practically never valid UTF-8, so UTF-8 is tried first.
 */
final class Transcoder {
  private static final List<Charset> CANDIDATES =
      List.of(StandardCharsets.UTF_8, Charset.forName("GB18030"));

  private Transcoder() {}

  /** Returns the charset in which the file was written. */
  static Charset toUtf8(Path from, Path to, @Nullable Charset declared) throws IOException {
    List<Charset> candidates = declared == null ? CANDIDATES : List.of(declared);
    for (Charset charset : candidates) {
      try {
        copy(from, to, charset);
        return charset;
      } catch (CharacterCodingException e) {
        Files.deleteIfExists(to);
      }
    }
    throw new ChengmaiException(
        ErrorCode.INVALID_INPUT, "%s is text in none of %s".formatted(from, candidates));
  }

  private static void copy(Path from, Path to, Charset charset) throws IOException {
    try (InputStream bytes =
            withoutBom(new BufferedInputStream(Files.newInputStream(from), 1 << 16));
        Reader reader =
            new InputStreamReader(
                bytes,
                charset
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT));
        Writer writer = Files.newBufferedWriter(to, StandardCharsets.UTF_8)) {
      reader.transferTo(writer);
    }
  }

  private static InputStream withoutBom(BufferedInputStream bytes) throws IOException {
    bytes.mark(3);
    if (bytes.read() == 0xEF && bytes.read() == 0xBB && bytes.read() == 0xBF) {
      return bytes;
    }
    bytes.reset();
    return bytes;
  }
}
