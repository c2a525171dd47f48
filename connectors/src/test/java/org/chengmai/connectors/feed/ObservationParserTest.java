package org.chengmai.connectors.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Series;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObservationParserTest {
  private static final Instant NOW = Instant.parse("2026-01-05T00:00:00Z");
  private static final Map<String, Series> REGISTERED =
      Map.of(
          "air.pm25.630102", new Series("air.pm25.630102", "air.pm25", "630102", "ug/m3", 0, 2000),
          "hotline",
              new Series("hotline", "hotline.calls", "630100", "1", 0, Double.POSITIVE_INFINITY));

  private final ObservationParser parser =
      new ObservationParser(FeedLimits.defaults(), REGISTERED::get, () -> NOW);

  @Test
  void readsNdjsonWithBothFormsOfTime() {
    Batch batch =
        ndjson(
            """
            {"series":"air.pm25.630102","time":"2026-01-05T08:00:00+08:00","value":35.5}
            {"value":12,"time":1767571200000,"series":"air.pm25.630102","id":"a1","note":{"deep":[1,2,{"x":null}]}}\r

            {"series":"hotline","time":1767571200000,"value":1,"id":77}
            """);
    assertThat(batch.bad()).isEmpty();
    assertThat(batch.observations())
        .containsExactly(
            new Observation("air.pm25.630102", NOW, 35.5, NOW, null),
            new Observation("air.pm25.630102", NOW, 12, NOW, "a1"),
            new Observation("hotline", NOW, 1, NOW, "77"));
  }

  @Test
  void readsAnArrayAnObjectAndAnEmptyBody() {
    assertThat(json("[" + row(1) + " , " + row(2) + "]").observations()).hasSize(2);
    assertThat(json("  " + row(1)).observations()).hasSize(1);
    assertThat(json("[]").isEmpty()).isTrue();
    assertThat(json(" \n").isEmpty()).isTrue();
    assertThat(ndjson("").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"series":"x","time":1767571200000,"value":1}               | series 'x' is not registered
          {"time":1767571200000,"value":1}                            | field 'series' is missing
          {"series":"hotline","value":1}                              | field 'time' is missing
          {"series":"hotline","time":1767571200000}                   | field 'value' is missing
          {"series":7,"time":1767571200000,"value":1}                 | field 'series' is the number 7
          {"series":"hotline","time":true,"value":1}                  | field 'time' is the boolean true
          {"series":"hotline","time":1.7e12,"value":1}                | field 'time' is the number 1.7e12
          {"series":"hotline","time":99999999999999999999,"value":1}  | field 'time': 99999999999999999999
          {"series":"hotline","time":"2026-01-05T08:00:00","value":1} | field 'time': '2026-01-05T08:00:00' is no ISO 8601 time with a zone
          {"series":"hotline","time":"2036-01-05T08:00:00Z","value":1}| time 2036-01-05T08:00:00Z is outside
          {"series":"hotline","time":1767571,"value":1}               | time 1970-01-01T00:29:27.571Z is outside
          {"series":"hotline","time":9223372036854775807,"value":1}   | time
          {"series":"hotline","time":1767571200000,"value":"1"}       | field 'value' is the text '1'; a number is needed
          {"series":"hotline","time":1767571200000,"value":"１２"}    | field 'value' is the text '１２'; a number is needed
          {"series":"hotline","time":1767571200000,"value":null}      | field 'value' is null
          {"series":"hotline","time":1767571200000,"value":[1]}       | field 'value' is an array
          {"series":"hotline","time":1767571200000,"value":NaN}       | value NaN is not a finite number
          {"series":"hotline","time":1767571200000,"value":1e999}     | value Infinity is not a finite number
          {"series":"hotline","time":1767571200000,"value":-1}        | value -1.0 of series hotline is outside its plausible range 0.0 to Infinity
          {"series":"hotline","time":1767571200000,"value":1,"value":2}| field 'value' stands twice
          {"series":"hotline","time":1767571200000,"value":1,"id":""} | id '' has 0 characters
          {"series":"hotline","time":1767571200000,"value":1,"id":{}} | field 'id' is an object
          {"series":"hotline","time":1767571200000,"value":1          | no valid JSON
          {"series":"hotline" "time":1}                               | no valid JSON
          [1,2]                                                       | the row is an array
          17                                                          | the row is the number
          series,time,value                                           | no valid JSON
          {"x":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[               | no valid JSON
          """)
  void aBadRowSaysWhyAndDisturbsNoOther(String bad, String reason) {
    Batch batch = ndjson(row(1) + "\n" + bad + "\n" + row(2) + "\n");
    assertThat(batch.observations()).extracting(Observation::value).containsExactly(1.0, 2.0);
    assertThat(batch.bad()).hasSize(1);
    assertThat(batch.bad().get(0).reason()).contains(reason);
    assertThat(new String(batch.bad().get(0).raw(), StandardCharsets.UTF_8).strip())
        .isEqualTo(bad.strip());
    assertThat(batch.bad().get(0).length()).isEqualTo(batch.bad().get(0).raw().length);
  }

  @Test
  void aBadElementOfAnArrayKeepsItsOriginalBytes() {
    Batch batch =
        json(
            "["
                + row(1)
                + ", {\"series\":\"城\",\"time\":1767571200000,\"value\":1} ,7, "
                + row(2)
                + "]");
    assertThat(batch.observations()).hasSize(2);
    assertThat(batch.bad())
        .extracting(bad -> new String(bad.raw(), StandardCharsets.UTF_8))
        .containsExactly("{\"series\":\"城\",\"time\":1767571200000,\"value\":1}", "7");
  }

  @Test
  void anArrayThatBreaksOffKeepsTheRowsBeforeAndTheRestAsOneBadRow() {
    Batch batch = json("[" + row(1) + "," + row(2) + ",{\"series\":\"hot");
    assertThat(batch.observations()).hasSize(2);
    assertThat(batch.bad()).hasSize(1);
    assertThat(new String(batch.bad().get(0).raw(), StandardCharsets.UTF_8))
        .isEqualTo("{\"series\":\"hot");
    assertThat(json("[" + row(1) + "] x").bad()).hasSize(1);
  }

  @Test
  void skipsAByteOrderMark() {
    assertThat(ndjson("\uFEFF" + row(1)).observations()).hasSize(1);
    assertThat(json("\uFEFF[" + row(1) + "]").observations()).hasSize(1);
    assertThat(line("\uFEFFhotline value=1").observations()).hasSize(1);
  }

  @Test
  void anotherCharsetIsNamedAndTheOriginalKept() {
    byte[] row =
        "{\"series\":\"西宁城东\",\"time\":1767571200000,\"value\":1}"
            .getBytes(Charset.forName("GB18030"));
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    payload.writeBytes((row(1) + "\n").getBytes(StandardCharsets.UTF_8));
    payload.writeBytes(row);
    payload.writeBytes(("\n" + row(2)).getBytes(StandardCharsets.UTF_8));
    Batch batch = parser.parse("test", Reading.of(RowFormat.NDJSON), payload.toByteArray());
    assertThat(batch.observations()).hasSize(2);
    assertThat(batch.bad()).hasSize(1);
    assertThat(batch.bad().get(0).reason())
        .isEqualTo("the row is not UTF-8: byte 0xCE at position 11 of the row");
    assertThat(batch.bad().get(0).raw()).isEqualTo(row);
    assertThat(parser.parse("test", Reading.of(RowFormat.LINE_PROTOCOL), row).bad().get(0).reason())
        .contains("not UTF-8");
  }

  @Test
  void utf16IsRefusedRowByRowAndNotMisread() {
    Batch batch =
        parser.parse(
            "test", Reading.of(RowFormat.JSON), row(1).getBytes(StandardCharsets.UTF_16LE));
    assertThat(batch.rows()).isEqualTo(1);
  }

  @Test
  void charactersBeyondTheBasicPlaneSurvive() {
    Batch batch =
        ndjson(
            "{\"series\":\"hotline\",\"time\":1767571200000,\"value\":1,\"id\":\"𠮷-😀\",\"𠀀\":\"😀\"}");
    assertThat(batch.observations().get(0).id()).isEqualTo("𠮷-😀");
    String reason =
        ndjson("{\"series\":\"" + "😀".repeat(200) + "\",\"time\":1767571200000,\"value\":1}")
            .bad()
            .get(0)
            .reason();
    assertThat(reason).contains("😀".repeat(40)).doesNotContain("\uFFFD").hasSizeLessThan(300);
  }

  @Test
  void aTenMegabyteLineIsCutOffWithItsLengthAndHashAndTheRowsAroundItPass() {
    String longLine =
        "{\"series\":\"hotline\",\"time\":1767571200000,\"value\":1,\"note\":\""
            + "x".repeat(10 << 20)
            + "\"}";
    for (String payload :
        new String[] {
          longLine, longLine.substring(0, longLine.length() - 2), "x".repeat(10 << 20)
        }) {
      Batch batch = ndjson(row(1) + "\n" + payload + "\n" + row(2));
      assertThat(batch.observations()).hasSize(2);
      assertThat(batch.bad()).hasSize(1);
      BadRecord bad = batch.bad().get(0);
      assertThat(bad.reason()).contains("bytes; at most 1048576 are possible");
      assertThat(bad.length()).isEqualTo(payload.length());
      assertThat(bad.raw()).hasSize(64 << 10);
      assertThat(bad.sha256()).hasSize(64);
    }
    assertThat(line("hotline,tag=" + "x".repeat(10 << 20) + " value=1").bad().get(0).length())
        .isGreaterThan(10 << 20);
  }

  @Test
  void aPayloadAboveTheLimitIsRefusedAsAWhole() {
    assertThatThrownBy(
            () -> parser.parse("http", Reading.of(RowFormat.JSON), new byte[(16 << 20) + 1]))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("http: 16777217 bytes; at most 16777216");
  }

  @Test
  void garbageIsGivenUpAfterManyBadRowsInBoundedTimeAndMemory() {
    for (String line : new String[] {"x\n", "{\"a\":\n", "[\n", "{\"a\":[0,\n", "\"\n"}) {
      byte[] payload = line.repeat((8 << 20) / line.length()).getBytes(StandardCharsets.UTF_8);
      Batch batch = parser.parse("test", Reading.of(RowFormat.NDJSON), payload);
      assertThat(batch.observations()).isEmpty();
      assertThat(batch.bad()).hasSizeLessThanOrEqualTo(10_001);
      assertThat(batch.bad().get(batch.bad().size() - 1).reason()).isNotEmpty();
    }
    assertThat(line("x\n".repeat(1 << 20)).bad()).hasSize(10_001);
  }

  @Test
  void theDefaultSeriesFillsInAndAContradictionIsBad() {
    byte[] plain = "{\"time\":1767571200000,\"value\":1}".getBytes(StandardCharsets.UTF_8);
    assertThat(
            parser
                .parse("mqtt", new Reading(RowFormat.JSON, "hotline", TimeUnit.MILLISECONDS), plain)
                .observations())
        .extracting(Observation::series)
        .containsExactly("hotline");
    assertThat(
            parser
                .parse(
                    "mqtt",
                    new Reading(RowFormat.JSON, "hotline", TimeUnit.MILLISECONDS),
                    row(1).getBytes(StandardCharsets.UTF_8))
                .bad())
        .hasSize(1);
  }

  @Test
  void readsLineProtocol() {
    Batch batch =
        line(
            """
            # a comment
            hotline value=1 1767571200000000000
            pm25,series=air.pm25.630102,site=城东\\ 1 value=35i,other="a b,c" 1767571200000000000
            hotline,site=a id="k 1",value=2.5
            """);
    assertThat(batch.bad()).isEmpty();
    assertThat(batch.observations())
        .containsExactly(
            new Observation("hotline", NOW, 1, NOW, null),
            new Observation("air.pm25.630102", NOW, 35, NOW, null),
            new Observation("hotline", NOW, 2.5, NOW, "k 1"));
    assertThat(
            parser
                .parse(
                    "http",
                    new Reading(RowFormat.LINE_PROTOCOL, null, TimeUnit.SECONDS),
                    "hotline value=1 1767571200".getBytes(StandardCharsets.UTF_8))
                .observations()
                .get(0)
                .time())
        .isEqualTo(NOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hotline                        | no fields
          hotline value=t                | field 'value' is 't'
          hotline value="1"              | field 'value' is '"1"'
          hotline value=NaN              | field 'value' is 'NaN'
          hotline value=1d               | field 'value' is '1d'
          hotline value=0x1              | field 'value' is '0x1'
          hotline value=１               | field 'value' is '１'
          hotline other=1                | field 'value' is missing
          hotline value=                 | field 'value' is ''
          hotline value=1 soon           | timestamp 'soon'
          hotline value=1 1              | time 1970-01-01T00:00:00Z is outside
          nobody value=1                 | series 'nobody' is not registered
          hotline,series=x value=1       | series 'x' is not registered
          """)
  void aBadLineSaysWhyAndDisturbsNoOther(String bad, String reason) {
    Batch batch = line("hotline value=1\n" + bad + "\nhotline value=2");
    assertThat(batch.observations()).hasSize(2);
    assertThat(batch.bad()).hasSize(1);
    assertThat(batch.bad().get(0).reason()).contains(reason);
  }

  @Test
  void theSpanIsConfigured() {
    FeedLimits narrow =
        new FeedLimits(1 << 10, 1 << 20, 256, 10, Duration.ofMinutes(1), Duration.ZERO);
    ObservationParser strict =
        new ObservationParser(narrow, REGISTERED::get, () -> NOW.plusSeconds(61));
    assertThat(
            strict
                .parse("x", Reading.of(RowFormat.JSON), row(1).getBytes(StandardCharsets.UTF_8))
                .bad())
        .hasSize(1);
  }

  private Batch ndjson(String text) {
    return parser.parse(
        "test", Reading.of(RowFormat.NDJSON), text.getBytes(StandardCharsets.UTF_8));
  }

  private Batch json(String text) {
    return parser.parse("test", Reading.of(RowFormat.JSON), text.getBytes(StandardCharsets.UTF_8));
  }

  private Batch line(String text) {
    return parser.parse(
        "test", Reading.of(RowFormat.LINE_PROTOCOL), text.getBytes(StandardCharsets.UTF_8));
  }

  private static String row(int value) {
    return "{\"series\":\"air.pm25.630102\",\"time\":1767571200000,\"value\":" + value + "}";
  }
}
