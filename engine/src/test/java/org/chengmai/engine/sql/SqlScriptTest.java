package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlScriptTest {
  @Test
  void semicolonsPartStatements() {
    SqlScript script =
        SqlScript.of("select 1;\n ; -- nothing\n;select ';' || \"a;b\" /* ; */; select 3 ");
    assertThat(script.ended())
        .extracting(SqlScript.Statement::sql)
        .containsExactly("select 1", "select ';' || \"a;b\" /* ; */");
    assertThat(script.rest().sql()).isEqualTo(" select 3 ");
    assertThat(script.statements()).hasSize(3).endsWith(script.rest());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " \n", "select 1;", "select 'it''s'; -- done", "-- only a note", "/* x */"})
  void nothingIsLeftOfWholeStatements(String text) {
    assertThat(SqlScript.of(text).rest()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"select 1", "select ';", "select \";", "select 1 -- ;", "/* ;", "/*/", "'a  \n"})
  void whatIsOpenIsLeftAsItIs(String text) {
    assertThat(SqlScript.of(text))
        .isEqualTo(new SqlScript(List.of(), new SqlScript.Statement(text, 0)));
  }

  @Test
  void longTextsAreNoMatter() {
    String text = "select '" + "''".repeat(100_000) + "' /*" + "*".repeat(100_000) + "*/";
    assertThat(SqlScript.of(text + ";").statements())
        .containsExactly(new SqlScript.Statement(text, 0));
  }

  @Test
  void dollarsQuoteToo() {
    assertThat(SqlScript.of("select $$a;'b$$; select $1, $x$;$$;$x$;").ended())
        .extracting(SqlScript.Statement::sql)
        .containsExactly("select $$a;'b$$", " select $1, $x$;$$;$x$");
  }

  @Test
  void placesAreCountedInCharacters() {
    assertThat(SqlScript.of("select '𠮷'; select 2").statements())
        .containsExactly(
            new SqlScript.Statement("select '𠮷'", 0), new SqlScript.Statement(" select 2", 11));
  }

  @Test
  void commentsBeforeAStatementAreNoPartOfIt() {
    assertThat(SqlScript.withoutComments(" -- a\n /* b; */ select 1 -- c\n;; "))
        .isEqualTo("select 1 -- c");
    assertThat(SqlScript.withoutComments("/* b */ -- c")).isEmpty();
  }
}
