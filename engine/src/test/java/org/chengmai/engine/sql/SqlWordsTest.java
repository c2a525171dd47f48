package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.babel.SqlBabelParserImpl;
import org.junit.jupiter.api.Test;

final class SqlWordsTest {
  private static final SqlWords KNOWN = SqlWords.KNOWN;

  @Test
  void functionsAreTheEngines() {
    assertThat(KNOWN.functions())
        .contains(
            new SqlWords.Function("SUM", "aggregate", "SUM("),
            new SqlWords.Function("ROW_NUMBER", "window", "ROW_NUMBER()"),
            new SqlWords.Function("NOW", "scalar", "NOW()"),
            new SqlWords.Function("CURRENT_DATE", "scalar", "CURRENT_DATE"),
            new SqlWords.Function("TIME_FLOOR", "scalar", "TIME_FLOOR("),
            new SqlWords.Function("DATE_BIN", "scalar", "DATE_BIN("),
            new SqlWords.Function("STRING_AGG", "aggregate", "STRING_AGG("),
            new SqlWords.Function("COALESCE", "scalar", "COALESCE("));
    List<String> names = KNOWN.functions().stream().map(SqlWords.Function::name).toList();
    assertThat(names)
        .doesNotHaveDuplicates()
        .isSorted()
        .allMatch(name -> name.matches("[A-Z][A-Z0-9_]*"))
        .doesNotContain("TUMBLE", "HOP_START", "MATCH_NUMBER", "PREV", "SINGLE_VALUE");
  }

  @Test
  void keywordsAndTypesAreWordsOfTheParser() {
    SqlAbstractParserImpl.Metadata parser =
        SqlParser.create("", SqlParser.config().withParserFactory(SqlBabelParserImpl.FACTORY))
            .getMetadata();
    assertThat(parser.getTokens())
        .containsAll(KNOWN.keywords().stream().filter(word -> !word.equals("ANALYZE")).toList())
        .containsAll(KNOWN.types());
  }
}
