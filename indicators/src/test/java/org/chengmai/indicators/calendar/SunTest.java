package org.chengmai.indicators.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.chengmai.indicators.ChengmaiException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SunTest {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final Sun XINING = new Sun(36.6171, 101.7782);

  @ParameterizedTest
  @CsvSource({
    // Beijing, the days of the flag on Tian'anmen Square
    "39.9042, 116.4074, Asia/Shanghai, 2024-01-01, 07:36, 16:59",
    "39.9042, 116.4074, Asia/Shanghai, 2024-06-21, 04:46, 19:46",
    "39.9042, 116.4074, Asia/Shanghai, 2024-10-01, 06:10, 17:57",
    // Xining, whose noon is at about 13:13, by another ephemeris
    "36.6171, 101.7782, Asia/Shanghai, 2026-01-01, 08:25, 18:08",
    "36.6171, 101.7782, Asia/Shanghai, 2026-03-20, 07:17, 19:24",
    "36.6171, 101.7782, Asia/Shanghai, 2026-06-21, 05:55, 20:35",
    "36.6171, 101.7782, Asia/Shanghai, 2026-11-08, 07:43, 18:10",
    "51.5074, -0.1278, Europe/London, 2024-06-20, 04:43, 21:21",
    "40.7128, -74.0060, America/New_York, 2024-12-21, 07:17, 16:32",
    "-33.8688, 151.2093, Australia/Sydney, 2024-12-21, 05:41, 20:06"
  })
  void sunriseAndSunsetAgreeWithAlmanacsWithinTwoMinutes(
      double latitude,
      double longitude,
      ZoneId zone,
      LocalDate date,
      LocalTime sunrise,
      LocalTime sunset) {
    Sun sun = new Sun(latitude, longitude);
    assertThat(sun.sunrise(date, zone).orElseThrow().atZone(zone).toLocalDateTime())
        .isCloseTo(date.atTime(sunrise), within(2, ChronoUnit.MINUTES));
    assertThat(sun.sunset(date, zone).orElseThrow().atZone(zone).toLocalDateTime())
        .isCloseTo(date.atTime(sunset), within(2, ChronoUnit.MINUTES));
  }

  @Test
  void farNorthTheSunMayNeitherRiseNorSet() {
    Sun tromso = new Sun(69.6492, 18.9553);
    ZoneId oslo = ZoneId.of("Europe/Oslo");
    LocalDate winter = LocalDate.of(2024, 12, 21);
    LocalDate summer = LocalDate.of(2024, 6, 21);
    assertThat(tromso.sunrise(winter, oslo)).isEmpty();
    assertThat(tromso.sunset(summer, oslo)).isEmpty();
    assertThat(tromso.isUp(Instant.parse("2024-12-21T11:00:00Z"))).isFalse();
    assertThat(tromso.isUp(Instant.parse("2024-06-21T23:00:00Z"))).isTrue();
  }

  @Test
  @DisplayName("the sun is up from sunrise to sunset (seed 7)")
  void theSunIsUpFromSunriseToSunset() {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      LocalDate date = LocalDate.of(2000, 1, 1).plusDays(random.nextInt(18_000));
      Instant sunrise = XINING.sunrise(date, CHINA).orElseThrow();
      Instant sunset = XINING.sunset(date, CHINA).orElseThrow();
      assertThat(LocalDate.ofInstant(sunrise, CHINA)).isEqualTo(date);
      assertThat(LocalDate.ofInstant(sunset, CHINA)).isEqualTo(date);
      Duration second = Duration.ofSeconds(5);
      assertThat(XINING.isUp(sunrise.minus(second))).isFalse();
      assertThat(XINING.isUp(sunrise.plus(second))).isTrue();
      assertThat(XINING.isUp(sunset.minus(second))).isTrue();
      assertThat(XINING.isUp(sunset.plus(second))).isFalse();
    }
  }

  @Test
  void aPlaceOffTheGlobeIsRefused() {
    assertThatThrownBy(() -> new Sun(101.7, 36.6))
        .isInstanceOf(ChengmaiException.class)
        .hasMessage("place 101.7, 36.6: latitude is -90 to 90, longitude -180 to 180");
    assertThatThrownBy(() -> new Sun(Double.NaN, 36.6)).isInstanceOf(ChengmaiException.class);
  }
}
