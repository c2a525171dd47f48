package org.chengmai.engine;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.chengmai.connectors.process.ServerEvent;
import org.chengmai.engine.server.CityState;
import org.chengmai.indicators.region.City;
import org.jspecify.annotations.Nullable;

/**
 * What the page is told of the city and the start; long work reports here. Safe for several
 * threads.
 */
public final class CityView {
  private static final DateTimeFormatter SHOWN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.of("Asia/Shanghai"));

  private final City city;
  private final boolean synthetic;
  private final InstantSource clock;
  private final DoubleSupplier speed;
  private final ServerSet servers;
  private final BooleanSupplier ready;
  private volatile CityState.@Nullable Progress progress;
  private volatile CityState.@Nullable Names notice;

  CityView(
      City city,
      boolean synthetic,
      InstantSource clock,
      DoubleSupplier speed,
      ServerSet servers,
      BooleanSupplier ready) {
    this.city = city;
    this.synthetic = synthetic;
    this.clock = clock;
    this.speed = speed;
    this.servers = servers;
    this.ready = ready;
  }

  /** Shows how far long work is; {@code total} 0 when that is not known. */
  public void progress(String zh, String en, long done, long total) {
    progress = new CityState.Progress(new CityState.Names(zh, en), done, total);
  }

  /** The long work is over. */
  public void done() {
    progress = null;
  }

  /** Tells people something that stays on the page. */
  public void notice(String zh, String en) {
    notice = new CityState.Names(zh, en);
  }

  /** Tells people that nothing ran for a while. */
  public void gap(Instant from, Instant to) {
    notice(
        "%s 至 %s 系统停机".formatted(shown(from), shown(to)),
        "the system was down from %s to %s".formatted(shown(from), shown(to)));
  }

  private static String shown(Instant time) {
    return SHOWN.format(time);
  }

  public CityState.@Nullable Progress progress() {
    return progress;
  }

  CityState state() {
    List<CityState.District> districts =
        city.districts().stream()
            .filter(district -> district.tile() != null)
            .map(
                district ->
                    new CityState.District(
                        district.code(),
                        new CityState.Names(district.name().zh(), district.name().en()),
                        Objects.requireNonNull(district.tile()).column(),
                        Objects.requireNonNull(district.tile()).row()))
            .toList();
    List<CityState.ServerLine> lines = servers.events().stream().map(CityView::line).toList();
    return new CityState(
        city.code(),
        new CityState.Names(city.name().zh(), city.name().en()),
        synthetic,
        districts,
        lines,
        ready.getAsBoolean(),
        clock.instant(),
        speed.getAsDouble(),
        progress,
        notice);
  }

  private static CityState.ServerLine line(ServerEvent event) {
    return new CityState.ServerLine(
        event.server(), event.state().name().toLowerCase(Locale.ROOT), event.detail());
  }
}
