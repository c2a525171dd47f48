package org.chengmai.engine;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;

/**
 * Where the engine of a data folder answers, kept in {@code engine.json} there (readable by its
 * owner only), so that other commands find it.
 *
 * @param pid process id of the engine
 * @param http base address
 * @param flightPort Arrow Flight SQL
 * @param postgresPort PostgreSQL's wire protocol; -1 when it is off
 * @param token of a user that may do everything; made anew at each start
 */
public record RunningEngine(long pid, URI http, int flightPort, int postgresPort, String token) {
  private static final String FILE = "engine.json";

  public void write(Path folder) {
    Path file = folder.resolve(FILE);
    Path fresh = folder.resolve(FILE + ".new");
    try {
      Files.deleteIfExists(fresh);
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(fresh, Json.write(this));
      // Readers find the former engine's file or the whole new one.
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL, "cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** The engine that runs over this folder; empty when none does. */
  public static Optional<RunningEngine> find(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      RunningEngine engine = Json.read(Files.readString(file), RunningEngine.class);
      return ProcessHandle.of(engine.pid()).filter(ProcessHandle::isAlive).map(process -> engine);
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL, "cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** The engine that runs over this folder; UNAVAILABLE with the cure when none does. */
  public static RunningEngine require(Path folder) {
    return find(folder)
        .orElseThrow(
            () ->
                new ChengmaiException(
                    ErrorCode.UNAVAILABLE,
                    "no engine runs over %s; start one with './chengmai demo' or name its folder with --dir"
                        .formatted(folder)));
  }

  public static void delete(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve(FILE));
    } catch (IOException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "cannot delete " + folder.resolve(FILE), e);
    }
  }

  /** Leaves the token out. */
  @Override
  public String toString() {
    return "RunningEngine[pid=%d, http=%s]".formatted(pid, http);
  }
}
