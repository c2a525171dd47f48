package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlacesTest {
  private static boolean isIn(Places.Turn turn) {
    return turn.entered().isDone();
  }

  @Test
  void usersTakeTurnsHoweverManyRequestsOneHas() {
    Places places = new Places(1, 1);
    Places.Turn running = places.request("a", 1);
    List<Places.Turn> many = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      many.add(places.request("a", 1));
    }
    Places.Turn b = places.request("b", 1);
    Places.Turn c = places.request("c", 1);
    assertThat(many.get(0).position()).isEqualTo(1);
    assertThat(b.position()).isEqualTo(2);
    assertThat(c.position()).isEqualTo(3);
    assertThat(many.get(1).position()).isEqualTo(4);
    assertThat(many.get(29).position()).isEqualTo(32);
    running.close();
    assertThat(isIn(many.get(0))).isTrue();
    assertThat(b.position()).isEqualTo(1);
    many.get(0).close();
    assertThat(isIn(b)).isTrue();
    b.close();
    assertThat(isIn(c)).isTrue();
    c.close();
    assertThat(isIn(many.get(1))).isTrue();
    assertThat(isIn(many.get(2))).isFalse();
  }

  @Test
  void oneUserLeavesPlacesToOthers() {
    Places places = new Places(3, 2);
    Places.Turn first = places.request("a", 1);
    places.request("a", 1);
    Places.Turn third = places.request("a", 1);
    assertThat(isIn(third)).isFalse();
    assertThat(isIn(places.request("b", 1))).isTrue();
    first.close();
    assertThat(isIn(third)).isTrue();
  }

  @Test
  void severalPlacesComeInOneStepAndAreNotOvertaken() {
    Places places = new Places(3, 3);
    Places.Turn a = places.request("a", 2);
    Places.Turn b = places.request("b", 3);
    Places.Turn c = places.request("c", 1);
    assertThat(isIn(c)).isFalse();
    a.release(1);
    assertThat(isIn(b)).isFalse();
    a.release(1);
    assertThat(isIn(b)).isTrue();
    b.release(1);
    assertThat(isIn(c)).isTrue();
    a.close();
    b.close();
    c.close();
    assertThat(isIn(places.request("d", 3))).isTrue();
  }

  @Test
  void whoLeavesTheQueueMakesRoom() {
    Places places = new Places(2, 2);
    Places.Turn a = places.request("a", 1);
    Places.Turn b = places.request("b", 2);
    Places.Turn c = places.request("c", 1);
    b.close();
    b.close();
    assertThat(isIn(c)).isTrue();
    assertThat(b.position()).isZero();
    a.close();
    a.close();
    assertThat(isIn(places.request("d", 2))).isFalse();
    c.close();
    assertThat(isIn(places.request("e", 1))).isFalse();
  }
}
