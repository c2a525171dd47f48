package org.chengmai.connectors.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one engine, locked against a second one; opening it ends what a killed engine left
 * running in it.
 */
public final class DataFolder implements AutoCloseable {
  /**
   * The guards of a killed engine are stopping their servers at this moment; in order is better
   * than by force.
   */
  private static final Duration LEFT_OVER_GRACE = Duration.ofSeconds(20);

  private final Path path;
  private final FileChannel channel;

  private DataFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Makes the folder where it is missing, and locks it.
   *
   * @throws ChengmaiException CONFLICT when another engine holds it; the message names its process
   */
  public static DataFolder open(Path path) {
    Path folder = path.toAbsolutePath().normalize();
    Path holder = folder.resolve("engine.pid");
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        channel.close();
        String pid = Files.exists(holder) ? Files.readString(holder).strip() : "unknown";
        throw new ChengmaiException(
            ErrorCode.CONFLICT,
            "the data folder %s is used by process %s; stop that or choose another --dir"
                .formatted(folder, pid));
      }
      Files.writeString(holder, ProcessHandle.current().pid() + "\n");
      endLeftOvers(folder);
      return new DataFolder(folder, channel);
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES, "the data folder %s cannot be used: %s".formatted(folder, e), e);
    }
  }

  public Path path() {
    return path;
  }

  /** The ports of this folder's servers; see {@link Ports}. */
  public Path portsFile() {
    return path.resolve("ports.properties");
  }

  /** Unlocks the folder; the servers must be stopped by then. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(path.resolve("engine.pid"));
      channel.close();
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES, "the data folder %s cannot be closed: %s".formatted(path, e), e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this very process holds it
    }
  }

  private static void endLeftOvers(Path folder) throws IOException {
    List<Path> servers;
    try (Stream<Path> entries = Files.list(folder)) {
      servers = entries.filter(Files::isDirectory).toList();
    }
    servers.forEach(server -> ChildProcess.endLeftOver(server, LEFT_OVER_GRACE));
  }
}
