package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobOptionsTest {
  @Test
  void durationsAreReadAsFlinkWritesThem() {
    JobOptions options =
        new JobOptions(Map.of("nova.dedup.window", "20 min", "nova.batch.length", "1d"));
    assertThat(options.duration("nova.dedup.window", Duration.ZERO)).hasMinutes(20);
    assertThat(options.duration("nova.batch.length", Duration.ZERO)).hasDays(1);
    assertThat(options.duration("nova.block.interval", Duration.ofMinutes(5))).hasMinutes(5);
  }

  @Test
  void badDurationIsNamed() {
    JobOptions options = new JobOptions(Map.of("nova.dedup.window", "soon"));
    assertThatThrownBy(() -> options.duration("nova.dedup.window", Duration.ZERO))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("nova.dedup.window = 'soon'");
  }

  @Test
  void optionsOfOthersAreRefused() {
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
  void becomeWordsOfTheCommandLine() {
    assertThat(new JobOptions(Map.of("nova.shards", "64")).words())
        .containsExactly("--nova.shards", "64");
  }
}
