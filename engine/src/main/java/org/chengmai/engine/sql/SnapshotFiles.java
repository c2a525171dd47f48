package org.chengmai.engine.sql;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The Parquet files of one table in a folder of their own. A file's name tells when its rows were
 * taken and which columns they have, so that nothing else need be kept. Used by one thread.
 */
final class SnapshotFiles {
  private static final Pattern NAME = Pattern.compile("(\\d+)-([0-9a-f]+)\\.parquet");

  /** A whole file; {@code shape} is {@link #shape} of its columns. */
  record Kept(Path path, Instant takenAt, String shape) {}

  private final Path folder;

  SnapshotFiles(Path folder, SnapshotConfig config) {
    this.folder = folder.resolve(encoded(config.library())).resolve(encoded(config.name()));
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  /** Equal for equal columns. */
  static String shape(Schema columns) {
    return Integer.toHexString(columns.toString().hashCode());
  }

  /** The newest file; what an interrupted refresh left behind is deleted. */
  Optional<Kept> newest() throws IOException {
    Files.createDirectories(folder);
    Files.deleteIfExists(part());
    return all().stream().max(Comparator.comparing(Kept::takenAt));
  }

  /** Where the next one is written. */
  Path part() {
    return folder.resolve("next.part");
  }

  /** Gives what was written its name, after it has reached the disk. */
  Kept keep(Instant takenAt, Schema columns) throws IOException {
    try (FileChannel file = FileChannel.open(part(), StandardOpenOption.WRITE)) {
      file.force(true);
    }
    String shape = shape(columns);
    Path path = folder.resolve("%d-%s.parquet".formatted(takenAt.toEpochMilli(), shape));
    Files.move(part(), path, StandardCopyOption.ATOMIC_MOVE);
    return new Kept(path, takenAt, shape);
  }

  /** Deletes all files but one. */
  void deleteOthers(Kept kept) throws IOException {
    for (Kept other : all()) {
      if (!other.path().equals(kept.path())) {
        Files.deleteIfExists(other.path());
      }
    }
  }

  private List<Kept> all() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.flatMap(SnapshotFiles::kept).toList();
    }
  }

  private static Stream<Kept> kept(Path path) {
    Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
    return name.matches()
        ? Stream.of(
            new Kept(path, Instant.ofEpochMilli(Long.parseLong(name.group(1))), name.group(2)))
        : Stream.of();
  }
}
