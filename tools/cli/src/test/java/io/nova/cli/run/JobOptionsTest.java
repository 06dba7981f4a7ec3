package io.nova.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.CommandException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobOptionsTest {
  @Test
  void durationsAreReadAsFlinkWritesThem() {
    JobOptions options =
        new JobOptions(Map.of("nova.dedup.window", "20 min", "nova.batch.length", "1d"));
    assertThat(options.dedupWindow()).hasMinutes(20);
    assertThat(options.batchLength()).hasDays(1);
    assertThat(options.blockInterval()).hasMinutes(5);
  }

  @Test
  void badDurationIsNamed() {
    JobOptions options = new JobOptions(Map.of("nova.dedup.window", "soon"));
    assertThatThrownBy(() -> options.dedupWindow())
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("nova.dedup.window = 'soon'");
  }

  @Test
  void theJudgeReadsJsonOnly() {
    new JobOptions(Map.of("nova.value.format", "json")).mustBeJudgeable();
    assertThatThrownBy(() -> new JobOptions(Map.of("nova.value.format", "avro")).mustBeJudgeable())
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("nova.value.format: found avro, expected json. The judge")
        .hasMessageContaining("Nothing was started.");
  }

  @Test
  void optionsOfOthersAreErrors() {
    assertThatThrownBy(() -> new JobOptions(Map.of("parallelism", "2")))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("'parallelism'");
  }

  @Test
  void anEarlierRunsOptionsCountUnlessOthersAreGiven() {
    Map<String, String> earlier = Map.of("nova.dedup.window", "24 h", "nova.mapping", "github");

    assertThat(new JobOptions(Map.of("nova.dedup.window", "1 h")).over(earlier).values())
        .containsOnly(Map.entry("nova.dedup.window", "1 h"), Map.entry("nova.mapping", "github"));
    assertThat(new JobOptions(Map.of("nova.dedup.window", "")).over(earlier).values())
        .containsOnly(Map.entry("nova.mapping", "github"));
  }

  @Test
  void aLocalClusterRefusesAnotherCatalogWithoutItsValue() {
    assertThatThrownBy(
            () -> new JobOptions(Map.of("nova.catalog.jdbc.password", "geheim")).mustUseFolders())
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("nova.catalog.jdbc.password")
        .hasMessageNotContaining("geheim");
  }

  @Test
  void becomeWordsOfTheCommandLine() {
    assertThat(new JobOptions(Map.of("nova.shards", "64")).words())
        .containsExactly("--nova.shards", "64");
  }
}
