package org.chengmai.engine.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptTest {
  @Test
  void semicolonsPartStatements() {
    Script script =
        Script.of("select 1;\n ; -- nothing\n;select ';' || \"a;b\" /* ; */; select 3 ");
    assertThat(script.statements()).containsExactly("select 1", "select ';' || \"a;b\" /* ; */");
    assertThat(script.rest()).isEqualTo(" select 3 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " \n", "select 1;", "select 'it''s'; -- done", "-- only a note", "/* x */"})
  void nothingIsLeftOfWholeStatements(String text) {
    assertThat(Script.of(text).rest()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"select 1", "select ';", "select \";", "select 1 -- ;", "/* ;", "/*/", "'a  \n"})
  void whatIsOpenIsLeftAsItIs(String text) {
    assertThat(Script.of(text)).isEqualTo(new Script(List.of(), text));
  }

  @Test
  void longTextsAreNoMatter() {
    String text = "select '" + "''".repeat(100_000) + "' /*" + "*".repeat(100_000) + "*/";
    assertThat(Script.of(text + ";").statements()).containsExactly(text);
  }

  @Test
  void namesBecomeParameters() {
    assertThat(
            Script.bind(
                "select :a, ':a', \":a\", x::a, :b, :aa -- :a\n, :地区 /* :a */",
                Map.of("a", "1", "地区", "城东")))
        .isEqualTo(
            new Script.Bound(
                "select ?, ':a', \":a\", x::a, :b, :aa -- :a\n, ? /* :a */", List.of("1", "城东")));
  }
}
