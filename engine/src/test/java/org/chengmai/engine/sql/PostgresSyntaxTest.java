package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chengmai.indicators.ChengmaiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PostgresSyntaxTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a OPERATOR(pg_catalog.~) 'b'   | a ~                       'b'
          a COLLATE pg_catalog.default,b | a                           ,b
          a COLLATE "C" desc             | a             desc
          x <> ALL ('{a,b}'::text[])     | x NOT IN ('a','b')
          x = any ('{a}'::pg_catalog.text[]) | x IN ('a')
          'd' = any(kinds)               | is_any_of('d',kinds)
          from generate_series(1, 3) s   | from (VALUES (1),(2),(3)) s
          E'it\\'s \\u57ce\\x41\\101\\\\' | 'it''s 城AA\\'
          'E''a' e'b'                    | 'E''a' 'b'
          -- COLLATE "C"                 | -- COLLATE "C"
          'x = any(y)'                   | 'x = any(y)'
          """)
  void whatTheParserDoesNotReadIsWrittenAsItDoes(String theirs, String ours) {
    assertThat(PostgresSyntax.normal(theirs)).isEqualToNormalizingWhitespace(ours);
  }

  @Test
  void positionsOfErrorsStay() {
    String sql = "select a OPERATOR(pg_catalog.~) 'b' COLLATE \"C\", E'\\n', nope";
    assertThat(PostgresSyntax.normal(sql)).hasSameSizeAs(sql);
    assertThat(PostgresSyntax.normal(sql).indexOf("nope")).isEqualTo(sql.indexOf("nope"));
  }

  @Test
  void charactersThatThereAreNotAreRefused() {
    assertThatThrownBy(() -> PostgresSyntax.normal("E'\\UFFFFFFFF'"))
        .isInstanceOf(ChengmaiException.class);
  }
}
