package io.nova.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;

/** Rules: which module may use which, no framework in the core, no simple name twice. */
@AnalyzeClasses(packages = "io.nova", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] CORE = {
    "io.nova.event..",
    "io.nova.policy..",
    "io.nova.shard..",
    "io.nova.handoff..",
    "io.nova.metric.."
  };
  private static final String[] CONNECTORS = {
    "io.nova.kafka..", "io.nova.iceberg..", "io.nova.live..", "io.nova.system.."
  };

  @ArchTest
  static final ArchRule arrowsBetweenModules =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("core")
          .definedBy(CORE)
          .layer("connectors")
          .definedBy(CONNECTORS)
          .layer("job")
          .definedBy("io.nova.job..")
          .layer("sql")
          .definedBy("io.nova.sql..")
          .layer("workload")
          .definedBy("io.nova.workload..")
          .layer("judge")
          .definedBy("io.nova.judge..")
          .layer("cli")
          .definedBy("io.nova.cli..")
          .layer("console")
          .definedBy("io.nova.console..")
          .layer("bench")
          .definedBy("io.nova.bench..")
          .whereLayer("core")
          .mayOnlyBeAccessedByLayers("connectors", "job", "sql", "cli", "console", "bench")
          .whereLayer("connectors")
          .mayOnlyBeAccessedByLayers("job", "sql", "cli", "console", "bench")
          .whereLayer("job")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("sql")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("workload")
          .mayOnlyBeAccessedByLayers("judge", "cli", "console", "bench")
          .whereLayer("judge")
          .mayOnlyBeAccessedByLayers("cli", "bench")
          .whereLayer("cli")
          .mayOnlyBeAccessedByLayers("console", "bench")
          .whereLayer("console")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("bench")
          .mayNotBeAccessedByAnyLayer();

  /** Fixtures are what tests share, so they are part of no layer. */
  @ArchTest
  static final ArchRule everyClassBelongsToALayer =
      classes()
          .that()
          .resideOutsideOfPackage("io.nova.fixtures..")
          .should()
          .resideInAnyPackage(
              "io.nova.event..",
              "io.nova.policy..",
              "io.nova.shard..",
              "io.nova.handoff..",
              "io.nova.metric..",
              "io.nova.kafka..",
              "io.nova.iceberg..",
              "io.nova.live..",
              "io.nova.system..",
              "io.nova.job..",
              "io.nova.sql..",
              "io.nova.workload..",
              "io.nova.judge..",
              "io.nova.cli..",
              "io.nova.console..",
              "io.nova.bench..");

  @ArchTest
  static final ArchRule coreKnowsNoFrameworkAndNoFiles =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.flink..",
              "org.apache.hadoop..",
              "org.apache.iceberg..",
              "org.apache.kafka..",
              "io.netty..",
              "java.net..");

  /**
   * InternalTls may: it reads the keys that Flink's processes use among themselves. Exceptions may:
   * an annotation tells Flink that a query is not restarted.
   */
  @ArchTest
  static final ArchRule tableAndLiveViewsDoNotKnowFlink =
      noClasses()
          .that()
          .resideInAnyPackage("io.nova.iceberg..", "io.nova.live..")
          .and()
          .doNotHaveSimpleName("InternalTls")
          .and()
          .haveSimpleNameNotEndingWith("Exception")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.flink..", "io.nova.kafka..");

  /** A question joins cuts and topics. Neither knows the other, nor how an answer is shown. */
  @ArchTest
  static final ArchRule cutsDoNotKnowTopicsAndPages =
      noClasses()
          .that()
          .resideInAPackage("io.nova.console.ask.cut..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.nova.console.ask.topic..",
              "io.nova.console.chart..",
              "io.nova.console.server..",
              "io.nova.console.view..");

  @ArchTest
  static final ArchRule topicsDoNotKnowCutsAndPages =
      noClasses()
          .that()
          .resideInAPackage("io.nova.console.ask.topic..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.nova.console.ask.cut..",
              "io.nova.console.chart..",
              "io.nova.console.server..",
              "io.nova.console.view..");

  /** A search for a simple name finds one class. */
  @ArchTest
  static void simpleNamesAreUnique(JavaClasses classes) {
    Map<String, String> twice =
        classes.stream()
            .filter(c -> c.isTopLevelClass() && !c.getSimpleName().equals("package-info"))
            .collect(
                Collectors.toMap(
                    c -> c.getSimpleName(),
                    c -> c.getPackageName(),
                    (one, other) -> one + " " + other,
                    TreeMap::new));
    twice.values().removeIf(packages -> !packages.contains(" "));
    Assertions.assertThat(twice).isEmpty();
  }
}
