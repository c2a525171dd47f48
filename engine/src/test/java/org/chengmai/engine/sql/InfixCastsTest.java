package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InfixCastsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a = '5'::int and b            | a = CAST('5' AS int) and b
          1 + '5' :: int * 2            | 1 + CAST('5'  AS int) * 2
          a::int::text, b.c::text       | CAST(CAST(a AS int) AS text), CAST(b.c AS text)
          (a = b)::text                 | CAST((a = b) AS text)
          f(x, (y))::date               | CAST(f(x, (y)) AS date)
          pg_catalog.f(x)::pg_catalog.text | CAST(pg_catalog.f(x) AS pg_catalog.text)
          a in (1)::int                 | a in CAST((1) AS int)
          1.5::numeric(10, 2) + 1       | CAST(1.5 AS numeric(10, 2)) + 1
          x::double precision           | CAST(x AS double precision)
          x::timestamp(3) with time zone as y | CAST(x AS timestamp(3) with time zone) as y
          x::character varying(5), y    | CAST(x AS character varying(5)), y
          case when a then b end::int   | CAST(case when a then b end AS int)
          a[1]::int                     | CAST(a[1] AS int)
          'it''s'::text                 | CAST('it''s' AS text)
          date '2026-01-01'::timestamp  | CAST(date '2026-01-01' AS timestamp)
          '{a}'::text[]                 | CAST('{a}' AS text ARRAY)
          "Ä b"."c"::"char"             | CAST("Ä b"."c" AS "char")
          ?::int, $1::int               | CAST(? AS int), CAST($1 AS int)
          'a::b' -- c::d                | 'a::b' -- c::d
          城市::text                     | CAST(城市 AS text)
          """)
  void oneValueIsCast(String postgres, String standard) {
    assertThat(InfixCasts.replaced(postgres)).isEqualTo(standard);
  }

  @Test
  void whatIsNoCastIsLeftToTheParser() {
    for (String sql :
        new String[] {"::int", "select ::", "a::", "= ::int", ")::int", "]::x", "end::x"}) {
      assertThat(InfixCasts.replaced(sql)).isNotNull();
    }
  }
}
