package org.chengmai.engine.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;

/** An engine over small tables in files, for tests of the interfaces to it. */
public final class SmallEngine {
  private SmallEngine() {}

  /** With {@code env.air} of three rows. At most two queries run at a time. */
  public static SqlEngine open(Path folder) throws IOException {
    Path file = folder.resolve("air.csv");
    Files.writeString(
        file,
        """
        ts,region,v,price,good
        2026-01-01 00:10:00.5,城东,10,1.25,true
        2026-01-01 00:40:00,城西,20,2.50,false
        2026-01-02 00:40:00,O'Neil,,3.75,
        """);
    return new SqlEngine(
        List.of(
            new FileConfig(List.of(FileTable.of("air", file)), "128MB")
                .open("env", folder.resolve("work"))),
        List.of(),
        new SqlLimits(1000, Duration.ofSeconds(30), 2, "256MB", Duration.ofSeconds(20)),
        Execution.FEDERATED,
        folder.resolve("spill"),
        InstantSource.system());
  }

  /** Who holds the tokens {@code secret}, {@code other} and {@code viewer}. */
  public static Optional<Principal> byToken(String token) {
    return switch (token) {
      case "secret" -> Optional.of(new Principal("ana", Role.ANALYST));
      case "other" -> Optional.of(new Principal("bo", Role.ANALYST));
      case "viewer" -> Optional.of(new Principal("vi", Role.VIEWER));
      default -> Optional.empty();
    };
  }
}
