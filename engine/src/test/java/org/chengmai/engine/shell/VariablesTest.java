package org.chengmai.engine.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class VariablesTest {
  @Test
  void namesBecomeParameters() {
    assertThat(
            Variables.bind(
                "select :a, ':a', \":a\", x::a, :b, :aa -- :a\n, :地区 /* :a */",
                Map.of("a", "1", "地区", "城东")))
        .isEqualTo(
            new Variables.Bound(
                "select ?, ':a', \":a\", x::a, :b, :aa -- :a\n, ? /* :a */", List.of("1", "城东")));
  }
}
