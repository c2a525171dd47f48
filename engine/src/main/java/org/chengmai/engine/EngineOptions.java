package org.chengmai.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.chengmai.engine.config.LibraryConfig;

/**
 * What an engine is started with beside its configuration file.
 *
 * @param home distribution folder that holds {@code servers/}
 * @param folder data folder
 * @param base folder that relative paths of the configuration start from
 * @param clock the city's clock
 * @param speed how fast that clock runs, for people
 * @param synthetic whether the data are simulated, which the page must say
 * @param withMariaDb whether a MariaDB is started too
 * @param historyAge points of older periods teach detectors and raise no alerts
 * @param mostBack how old an observation may be when it comes in
 * @param observationSegments by which Druid cuts the observations, DAY or MONTH; see
 *     DruidIngestionConfig
 * @param departments makes the departments' databases on freshly started servers and answers their
 *     libraries; for the demo
 * @param say tells people on the terminal how the start goes
 */
public record EngineOptions(
    Path home,
    Path folder,
    Path base,
    InstantSource clock,
    DoubleSupplier speed,
    boolean synthetic,
    boolean withMariaDb,
    Duration historyAge,
    Duration mostBack,
    String observationSegments,
    Function<ServerSet, List<LibraryConfig>> departments,
    Consumer<String> say) {

  /** Real time, no department of our own. */
  public static EngineOptions of(Path home, Path folder, Path base, Consumer<String> say) {
    return new EngineOptions(
        home,
        folder,
        base,
        InstantSource.system(),
        () -> 1,
        false,
        false,
        Duration.ofHours(2),
        Duration.ofDays(400),
        "DAY",
        servers -> List.of(),
        say);
  }
}
