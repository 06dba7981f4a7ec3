package io.nova.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Who may know whom: job -> connectors <- sql, event <- block <- chunk <- table, live reads block,
 * and no Flink there.
 */
@AnalyzeClasses(packages = "io.nova", importOptions = DoNotIncludeTests.class)
class DependencyDirectionTest {
  @ArchTest
  static final ArchRule eventsKnowNothingAndTablesKnowAll =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("event")
          .definedBy("io.nova.event..")
          .layer("block")
          .definedBy("io.nova.block..")
          .layer("chunk")
          .definedBy("io.nova.chunk..")
          .layer("table")
          .definedBy("io.nova.table..")
          .layer("live")
          .definedBy("io.nova.live..")
          .whereLayer("table")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("live")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("chunk")
          .mayOnlyBeAccessedByLayers("table")
          .whereLayer("block")
          .mayOnlyBeAccessedByLayers("chunk", "table", "live");

  @ArchTest
  static final ArchRule whatHoldsTheEventsDoesNotKnowFlink =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.nova.event..",
              "io.nova.block..",
              "io.nova.chunk..",
              "io.nova.table..",
              "io.nova.live..",
              "io.nova.policy..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.flink..", "io.nova.kafka..");

  @ArchTest
  static final ArchRule connectorsKnowNeitherJobNorSql =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.nova.event..",
              "io.nova.block..",
              "io.nova.chunk..",
              "io.nova.table..",
              "io.nova.live..",
              "io.nova.policy..",
              "io.nova.kafka..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.nova.job..", "io.nova.sql..");

  @ArchTest
  static final ArchRule jobDoesNotKnowSql =
      noClasses()
          .that()
          .resideInAPackage("io.nova.job..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.nova.sql..");

  @ArchTest
  static final ArchRule sqlDoesNotKnowTheJob =
      noClasses()
          .that()
          .resideInAPackage("io.nova.sql..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.nova.job..");

  @ArchTest
  static final ArchRule launcherAndJudgeShareNoCodeWithTheJob =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.nova.local..",
              "io.nova.input..",
              "io.nova.generate..",
              "io.nova.send..",
              "io.nova.judge..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.nova.event..",
              "io.nova.block..",
              "io.nova.chunk..",
              "io.nova.table..",
              "io.nova.live..",
              "io.nova.policy..",
              "io.nova.kafka..",
              "io.nova.job..",
              "io.nova.sql..");
}
