package org.chengmai.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom, and which technology lives in which package. */
@AnalyzeClasses(packages = "org.chengmai", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule modulesDependDownwards =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("engine")
          .definedBy("org.chengmai.engine..")
          .layer("connectors")
          .definedBy("org.chengmai.connectors..")
          .layer("models")
          .definedBy("org.chengmai.models..")
          .layer("dashboards")
          .definedBy("org.chengmai.dashboards..")
          .layer("indicators")
          .definedBy("org.chengmai.indicators..")
          .whereLayer("engine")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("connectors")
          .mayOnlyBeAccessedByLayers("engine")
          .whereLayer("models")
          .mayOnlyBeAccessedByLayers("engine")
          .whereLayer("dashboards")
          .mayOnlyBeAccessedByLayers("engine");

  @ArchTest
  static final ArchRule theForestStaysInItsPackage =
      fence("com.amazon.randomcutforest..", "org.chengmai.models.rcf..");

  @ArchTest
  static final ArchRule tribuoStaysInItsPackage =
      fence("org.tribuo..", "org.chengmai.models.tribuo..", "org.chengmai.models.deep..");

  @ArchTest
  static final ArchRule tensorFlowStaysInTheOptionalModule =
      fence("org.tensorflow..", "org.chengmai.models.deep..");

  @ArchTest
  static final ArchRule calciteStaysWithSqlAndSources =
      fence(
          "org.apache.calcite..",
          "org.chengmai.engine.sql..",
          "org.chengmai.connectors",
          "org.chengmai.connectors.arrow..",
          "org.chengmai.connectors.jdbc..",
          "org.chengmai.connectors.flight..",
          "org.chengmai.connectors.druid..",
          "org.chengmai.connectors.duckdb..",
          "org.chengmai.connectors.pushdown..");

  @ArchTest
  static final ArchRule kafkaStaysInItsPackage =
      fence(
          "org.apache.kafka..",
          "org.chengmai.connectors.kafka..",
          "org.chengmai.connectors.feed..",
          "org.chengmai.connectors.process..",
          "org.chengmai.engine.ingest..",
          "org.chengmai.engine.bench..");

  @ArchTest
  static final ArchRule arrowStaysWithSqlAndFlight =
      fence(
          "org.apache.arrow..",
          "org.chengmai.engine",
          "org.chengmai.engine.sql..",
          "org.chengmai.engine.flight..",
          "org.chengmai.engine.server..",
          "org.chengmai.engine.bench..",
          "org.chengmai.connectors..");

  @ArchTest
  static final ArchRule webStaysAtTheEdges =
      fence("io.vertx.ext.web..", "org.chengmai.engine.server..", "org.chengmai.dashboards..");

  @ArchTest
  static final ArchRule terminalsStayWithTheirCommand =
      fence("org.jline..", "org.chengmai.engine.shell..", "org.chengmai.engine.command..");

  @ArchTest
  static final ArchRule vocabularyKnowsNoTechnology =
      noClasses()
          .that()
          .resideInAPackage("org.chengmai.indicators..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "io.vertx..", "org.apache..", "java.sql..", "java.net.http..", "org.slf4j..")
                  // sketches are arithmetic: no I/O, no threads
                  .and(resideOutsideOfPackage("org.apache.datasketches..")));

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("org.chengmai.(*).(*)..").should().beFreeOfCycles();

  private static ArchRule fence(String technology, String... homes) {
    return noClasses()
        .that()
        .resideInAPackage("org.chengmai..")
        .and()
        .resideOutsideOfPackages(homes)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(technology);
  }
}
