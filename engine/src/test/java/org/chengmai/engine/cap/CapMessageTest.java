package org.chengmai.engine.cap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import org.chengmai.engine.alerts.Anomalies;
import org.chengmai.engine.pipeline.Definitions;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Anomaly.Status;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Suppression;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.region.Region;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

final class CapMessageTest {
  private static final String SPACE = "urn:oasis:names:tc:emergency:cap:1.2";
  private static final Region.Name PLACE = new Region.Name("城东区", "Chengdong");
  private static final IndicatorDefinition STATED =
      definition(
          "alert: {cap: {category: Env, event: 11B, urgency: Expected}, route: env-duty, runbook: rb/env-01}");

  private static IndicatorDefinition definition(String more) {
    return Definitions.catalogue(Definitions.simple("CVS-ENV-0001", "PT1M", "neutral", more))
        .get("CVS-ENV-0001");
  }

  private static AlertEvent event(
      int revision, AlertState state, Grade grade, @Nullable String note) {
    return new AlertEvent(
        new UUID(0, 1),
        revision,
        AlertEvent.Type.FIRED,
        Anomalies.START.plusSeconds(60L * revision),
        "threshold",
        new Alert(
            "01K00001",
            "f",
            state,
            grade,
            revision,
            Anomalies.START,
            Anomalies.START,
            state.isOpen() ? null : Instant.parse("2026-03-01T02:00:00Z"),
            1,
            null,
            note,
            Anomalies.anomaly("630102", Status.FIRING, grade, 0)));
  }

  private static Element read(String xml) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)))
        .getDocumentElement();
  }

  private static Element message(@Nullable IndicatorDefinition definition, AlertEvent... events)
      throws Exception {
    return read(CapMessage.of(List.of(events), definition, PLACE, "chengmai.630100"));
  }

  private static String text(Element parent, String name) {
    Node found = parent.getElementsByTagNameNS(SPACE, name).item(0);
    return found == null ? "" : found.getTextContent();
  }

  private static List<String> children(Element parent) {
    List<String> names = new ArrayList<>();
    for (Node at = parent.getFirstChild(); at != null; at = at.getNextSibling()) {
      names.add(at.getLocalName());
    }
    return names;
  }

  private static Element info(Element alert, int index) {
    return (Element)
        Objects.requireNonNull(alert.getElementsByTagNameNS(SPACE, "info").item(index));
  }

  @Test
  void anAlertIsAMessageInBothLanguagesWithTheWordsOfItsDefinition() throws Exception {
    Element alert = message(STATED, event(1, AlertState.FIRING, Grade.RED, null));
    assertThat(alert.getNamespaceURI()).isEqualTo(SPACE);
    assertThat(children(alert))
        .as("in the order of the standard")
        .containsExactly(
            "identifier",
            "sender",
            "sent",
            "status",
            "msgType",
            "scope",
            "restriction",
            "info",
            "info");
    assertThat(text(alert, "identifier")).isEqualTo("01K00001.1");
    assertThat(text(alert, "sent")).isEqualTo("2026-03-01T08:01:00+08:00");
    assertThat(text(alert, "status")).isEqualTo("Actual");
    assertThat(text(alert, "msgType")).isEqualTo("Alert");
    Element chinese = info(alert, 0);
    assertThat(children(chinese))
        .containsExactly(
            "language",
            "category",
            "event",
            "urgency",
            "severity",
            "certainty",
            "eventCode",
            "onset",
            "headline",
            "description",
            "instruction",
            "contact",
            "parameter",
            "parameter",
            "parameter",
            "parameter",
            "parameter",
            "area");
    assertThat(text(chinese, "category")).isEqualTo("Env");
    assertThat(text(chinese, "urgency")).isEqualTo("Expected");
    assertThat(text(chinese, "certainty")).as("not stated").isEqualTo("Unknown");
    assertThat(text(chinese, "severity")).isEqualTo("Extreme");
    assertThat(text(chinese, "eventCode")).isEqualTo("event11B");
    assertThat(text(chinese, "headline")).isEqualTo("测试 · 城东区 · 红色");
    assertThat(text(chinese, "description")).isEqualTo("值过高");
    assertThat(text(chinese, "geocode")).isEqualTo("GB/T 2260630102");
    Element english = info(alert, 1);
    assertThat(text(english, "language")).isEqualTo("en-US");
    assertThat(text(english, "headline")).isEqualTo("Test · Chengdong · red");
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING, BLUE, Draft, Update, Minor",
    "FIRING, YELLOW, Actual, Update, Moderate",
    "ACKNOWLEDGED, ORANGE, Actual, Update, Severe",
    "RESOLVED, RED, Actual, Cancel, Extreme",
    "CLOSED, RED, Actual, Cancel, Extreme"
  })
  void aLaterRevisionRefersToTheEarlierMessages(
      AlertState state, Grade grade, String status, String type, String severity) throws Exception {
    Element alert =
        message(
            definition(""),
            event(1, AlertState.FIRING, Grade.BLUE, null),
            event(2, AlertState.FIRING, Grade.BLUE, null),
            event(3, state, grade, null));
    assertThat(text(alert, "references"))
        .isEqualTo(
            "chengmai.630100,01K00001.1,2026-03-01T08:01:00+08:00"
                + " chengmai.630100,01K00001.2,2026-03-01T08:02:00+08:00");
    assertThat(text(alert, "status")).isEqualTo(status);
    assertThat(text(alert, "msgType")).isEqualTo(type);
    assertThat(text(alert, "severity")).isEqualTo(severity);
    assertThat(text(alert, "category")).isEqualTo("Other");
    assertThat(text(alert, "expires")).isEqualTo(state.isOpen() ? "" : "2026-03-01T10:00:00+08:00");
  }

  @Test
  void anAlertOfAnExerciseSaysSo() throws Exception {
    AlertEvent event = event(1, AlertState.FIRING, Grade.RED, null);
    Suppression exercise =
        new Suppression("w", Suppression.Kind.EXERCISE, "演练", "li", Anomalies.START);
    Element alert =
        message(
            STATED,
            new AlertEvent(
                event.epoch(),
                event.seq(),
                event.type(),
                event.at(),
                event.actor(),
                event.alert().withSuppression(exercise)));
    assertThat(text(alert, "status")).isEqualTo("Exercise");
  }

  @Test
  void whateverPeopleWriteTheMessageIsXml() throws Exception {
    Element alert =
        message(
            null, event(1, AlertState.FIRING, Grade.RED, "a<b & \"c\" ]]> \u0001 阀门 \ud83d\udd25"));
    assertThat(text(alert, "note")).isEqualTo("a<b & \"c\" ]]>  阀门 \ud83d\udd25");
    assertThat(text(alert, "event")).as("an indicator that is gone").isEqualTo("CVS-ENV-0001");
  }
}
