package org.chengmai.engine.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.alerts.AlertRules;
import org.chengmai.engine.alerts.Anomalies;
import org.chengmai.engine.alerts.OffsetCommit;
import org.chengmai.engine.alerts.Sighting;
import org.chengmai.engine.alerts.TestDatabase;
import org.chengmai.engine.pipeline.ModelRegistry;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Anomaly.Status;
import org.chengmai.indicators.Assessment;
import org.chengmai.indicators.Feedback.Verdict;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.models.DayClass;
import org.chengmai.models.feedback.Combiner;
import org.chengmai.models.feedback.JudgedAlarm;
import org.chengmai.models.tribuo.TribuoCombiner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealServers.class)
final class FeedbackIT {
  private static final Principal OPERATOR = new Principal("li", Role.OPERATOR);
  private static final InstantSource CLOCK =
      InstantSource.fixed(Anomalies.START.plusSeconds(100_000));

  private TestDatabase database;
  private EvidenceBook evidence;
  private ModelRegistry registry;
  private AlertBook book;

  @BeforeEach
  void open() {
    database = new TestDatabase();
    evidence = new EvidenceBook(database.dataSource(), DayClass::usual, key -> Trust.COMPLETE);
    registry = new ModelRegistry(database.dataSource());
    book = AlertBook.open(database.dataSource(), CLOCK, new Random(1), evidence, AlertRules.NONE);
  }

  @AfterEach
  void close() {
    if (database != null) {
      database.close();
    }
  }

  /** An alert that fired and ended; real ones score high. */
  private Alert episode(String code, String region, int minute, double score, Grade grade) {
    Alert fired = fire(code, region, minute, score, grade);
    book.append(
        List.of(sighting(code, region, minute + 1, score, grade, Status.CLEARED)),
        OffsetCommit.none());
    return book.get(fired.id());
  }

  private Alert fire(String code, String region, int minute, double score, Grade grade) {
    return book.append(
            List.of(sighting(code, region, minute, score, grade, Status.FIRING)),
            OffsetCommit.none())
        .get(0)
        .alert();
  }

  private static Sighting sighting(
      String code, String region, int minute, double score, Grade grade, Status status) {
    Anomaly like = Anomalies.anomaly(region, status, grade, minute);
    return new Sighting(
        new Anomaly(
            SeriesKey.of(code, region),
            "seasonal",
            "seasonal@1",
            status,
            like.periodStart(),
            1,
            grade,
            like.value(),
            like.band(),
            score,
            like.reasons(),
            status == Status.FIRING ? Map.of("season", score) : Map.of()),
        like.periodStart().plusSeconds(60));
  }

  @Test
  void anExpectedEventIsToldWithLaterAlertsOfTheSeriesAndSuppressesNothing() {
    Alert concert = episode("CVS-TRA-0001", "630102", 1, 6, Grade.YELLOW);
    assertThat(concert.assessment()).isNull();
    book.judge(OPERATOR, concert.id(), concert.revision(), Verdict.EXPECTED_EVENT, "体育馆演唱会");

    Assessment later =
        Objects.requireNonNull(
            episode("CVS-TRA-0001", "630102", 300, 6, Grade.YELLOW).assessment());
    assertThat(later.demoted()).isFalse();
    assertThat(later.reasons().zh()).containsExactly("2026-03-01 的同类告警曾评为预期事件：体育馆演唱会（li）");
    assertThat(later.reasons().en())
        .containsExactly("a like alert on 2026-03-01 was an expected event: 体育馆演唱会 (li)");
    // the first of March was a Sunday: two days later is a day of another class
    assertThat(fire("CVS-TRA-0001", "630103", 300, 6, Grade.YELLOW).assessment()).isNull();
    assertThat(fire("CVS-TRA-0001", "630102", 300 + 2880, 6, Grade.YELLOW).assessment()).isNull();
  }

  @Test
  void whatWasKnownWhenAnAlertFiredIsKeptAndLearntOnceJudged() {
    Alert first = episode("CVS-TRA-0001", "630102", 1, 6, Grade.YELLOW);
    fire("CVS-TRA-0001", "630103", 60, 6, Grade.YELLOW);
    Alert second = fire("CVS-TRA-0001", "630102", 61, 6, Grade.YELLOW);
    assertThat(evidence.judged()).isEmpty();
    book.judge(OPERATOR, first.id(), first.revision(), Verdict.FALSE_ALARM, null);
    Alert changed = book.judge(OPERATOR, second.id(), 1, Verdict.FALSE_ALARM, null);
    book.judge(OPERATOR, second.id(), changed.revision(), Verdict.TRUE_ALARM, "确有拥堵");

    List<JudgedAlarm> judged = evidence.judged();
    assertThat(judged).extracting(JudgedAlarm::isReal).containsExactly(false, true);
    assertThat(judged.get(1).features())
        .containsEntry("recent", Math.log1p(1))
        .containsEntry("neighbours", Math.log1p(1))
        .containsEntry("trust=complete", 1.0)
        .containsEntry("off", 1.0)
        .containsEntry("channel=season", Math.log1p(6))
        .doesNotContainKey("agreeing");
    assertThat(book.feedback(second.id())).hasSize(2);
    assertThat(book.after(0, 100).stream().filter(e -> e.type() == AlertEvent.Type.JUDGED))
        .hasSize(3);
  }

  /** Alerts of two indicators: those of the one were real and scored high. */
  private void judgeMany() {
    Random random = new Random(3);
    for (int i = 0; i < 120; i++) {
      boolean isReal = i % 2 == 0;
      double score = isReal ? 7 + random.nextDouble() : 3 + random.nextDouble();
      String code = isReal ? "CVS-TRA-0001" : "CVS-TRA-0002";
      Alert alert = episode(code, "630102", 20 * i, score, Grade.YELLOW);
      book.judge(
          OPERATOR,
          alert.id(),
          alert.revision(),
          isReal ? Verdict.TRUE_ALARM : Verdict.FALSE_ALARM,
          null);
    }
  }

  @Test
  void falseAlarmsLikeThoseThatWereJudgedAreDemotedButKeptAndRedOnesNever() {
    judgeMany();
    FeedbackLearner learner = new FeedbackLearner(evidence, registry, CLOCK);
    assertThat(learner.learn()).isTrue();
    assertThat(learner.learn()).as("nothing new was said").isFalse();

    Alert like = fire("CVS-TRA-0002", "630102", 3000, 3.5, Grade.YELLOW);
    Assessment assessment = Objects.requireNonNull(like.assessment());
    assertThat(assessment.demoted()).isTrue();
    assertThat(assessment.model()).isEqualTo("feedback-combiner@1");
    assertThat(assessment.reasons().zh().get(0)).startsWith("低优先级");
    assertThat(book.open()).extracting(Alert::id).contains(like.id());
    // it gets worse: judged anew, and red is beyond what feedback may touch
    Alert red =
        book.append(
                List.of(sighting("CVS-TRA-0002", "630102", 3001, 3.5, Grade.RED, Status.FIRING)),
                OffsetCommit.none())
            .get(0)
            .alert();
    assertThat(Objects.requireNonNull(red.assessment()).demoted()).isFalse();
    Assessment real =
        Objects.requireNonNull(
            fire("CVS-TRA-0001", "630102", 3002, 7.5, Grade.YELLOW).assessment());
    assertThat(real.demoted()).isFalse();
    assertThat(real.probability()).isGreaterThan(assessment.probability());

    // after a restart the registered combiner is in force again
    EvidenceBook reopened =
        new EvidenceBook(database.dataSource(), DayClass::usual, key -> Trust.COMPLETE);
    FeedbackLearner restarted = new FeedbackLearner(reopened, registry, CLOCK);
    restarted.follow();
    assertThat(restarted.learn()).as("nothing new was said").isFalse();
    AlertBook again =
        AlertBook.open(database.dataSource(), CLOCK, new Random(2), reopened, AlertRules.NONE);
    Alert after =
        again
            .append(
                List.of(sighting("CVS-TRA-0002", "630103", 3010, 3.5, Grade.YELLOW, Status.FIRING)),
                OffsetCommit.none())
            .get(0)
            .alert();
    assertThat(Objects.requireNonNull(after.assessment()).model()).isEqualTo("feedback-combiner@1");
  }

  @Test
  void anEarlierCombinerThatWasGoneBackToStaysUntilThereIsNewFeedback() {
    judgeMany();
    FeedbackLearner learner = new FeedbackLearner(evidence, registry, CLOCK);
    assertThat(learner.learn()).isTrue();
    Alert more = episode("CVS-TRA-0001", "630102", 3000, 7, Grade.YELLOW);
    book.judge(OPERATOR, more.id(), more.revision(), Verdict.TRUE_ALARM, null);
    assertThat(learner.learn()).isTrue();
    assertThat(modelOf("630103", 3100)).isEqualTo("feedback-combiner@2");

    registry.rollBack(
        TribuoCombiner.NAME, FeedbackLearner.ALL, null, "li", "worse", CLOCK.instant());
    assertThat(learner.learn()).as("nothing new was said").isFalse();
    assertThat(modelOf("630104", 3200)).isEqualTo("feedback-combiner@1");
    assertThat(new FeedbackLearner(evidence, registry, CLOCK).learn())
        .as("nor after a restart")
        .isFalse();

    Alert last = episode("CVS-TRA-0001", "630102", 3300, 7, Grade.YELLOW);
    book.judge(OPERATOR, last.id(), last.revision(), Verdict.TRUE_ALARM, null);
    assertThat(learner.learn()).isTrue();
    assertThat(modelOf("630105", 3400)).isEqualTo("feedback-combiner@3");
  }

  /** By which combiner an alert of a region that fires at a minute is judged. */
  private @Nullable String modelOf(String region, int minute) {
    Alert alert = fire("CVS-TRA-0001", region, minute, 7, Grade.YELLOW);
    return Objects.requireNonNull(alert.assessment()).model();
  }

  @Test
  void withoutEnoughLabelsNothingIsLearntAndNothingChanges() {
    Alert alert = episode("CVS-TRA-0002", "630102", 1, 3, Grade.YELLOW);
    book.judge(OPERATOR, alert.id(), alert.revision(), Verdict.FALSE_ALARM, null);
    assertThat(new FeedbackLearner(evidence, registry, CLOCK).learn()).isFalse();
    assertThat(fire("CVS-TRA-0002", "630102", 300, 3, Grade.YELLOW).assessment()).isNull();
  }

  @Test
  void detectorsThatSpeakTogetherCountAsAgreeing() {
    evidence.use(new Combiner("x@1", Map.of("agreeing", 5.0), -1, 0));
    Sighting one = Anomalies.sighting("630102", Status.FIRING, Grade.BLUE, 1);
    Sighting other = sighting("CVS-ENV-0001", "630102", 1, 5, Grade.BLUE, Status.FIRING);
    List<AlertEvent> both = book.append(List.of(one, other), OffsetCommit.none());
    assertThat(both)
        .extracting(event -> Objects.requireNonNull(event.alert().assessment()).probability())
        .allSatisfy(probability -> assertThat(probability).isGreaterThan(0.9));
  }
}
