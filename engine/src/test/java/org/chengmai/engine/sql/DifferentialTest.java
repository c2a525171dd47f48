package org.chengmai.engine.sql;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Random queries over two libraries of files. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DifferentialTest {
  private DifferentialLibraries libraries;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    libraries = DifferentialLibraries.ofFiles(folder);
  }

  @AfterAll
  void close() throws Exception {
    if (libraries != null) {
      libraries.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> everyEngineGivesTheSameAnswer() {
    return DifferentialTests.queries(libraries.differential(), 60, 1);
  }

  @TestFactory
  Stream<DynamicTest> aPredicateIsTrueFalseOrUnknown() {
    return DifferentialTests.partitions(libraries.differential(), 40);
  }
}
