package io.nova.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BlockRulesTest {
  private static final long FIVE_MINUTES = 300_000_000;

  @Test
  void timesBefore1970FallIntoTheBlockBelow() {
    BlockRules rules = BlockRules.DEFAULT;

    assertThat(rules.intervalOf(0)).isZero();
    assertThat(rules.intervalOf(FIVE_MINUTES - 1)).isZero();
    assertThat(rules.intervalOf(FIVE_MINUTES)).isEqualTo(1);
    assertThat(rules.intervalOf(-1)).isEqualTo(-1);
    assertThat(rules.intervalOf(-FIVE_MINUTES)).isEqualTo(-1);
    assertThat(rules.intervalOf(-FIVE_MINUTES - 1)).isEqualTo(-2);
    assertThat(rules.startMicros(-1)).isEqualTo(-FIVE_MINUTES);
    assertThat(rules.endMicros(-1)).isZero();
    assertThat(rules.start(-1)).isEqualTo(Instant.parse("1969-12-31T23:55:00Z"));
  }

  @Test
  void windowsAndLatenessLimitsAreRoundedUpToWholeBlocks() {
    Duration interval = Duration.ofMinutes(5);

    assertThat(new BlockRules(interval, Duration.ZERO, Duration.ZERO).windowBlocks()).isZero();
    assertThat(rules(Duration.ofMillis(1)).windowBlocks()).isEqualTo(1);
    assertThat(rules(Duration.ofMinutes(10)).windowBlocks()).isEqualTo(2);
    assertThat(rules(Duration.ofMinutes(10).plusMillis(1)).windowBlocks()).isEqualTo(3);
    assertThat(BlockRules.DEFAULT.latenessLimitBlocks()).isEqualTo(288);
  }

  private static BlockRules rules(Duration window) {
    return new BlockRules(Duration.ofMinutes(5), window, Duration.ofHours(1));
  }

  @Test
  void measuresThatMakeNoSenseAreRejected() {
    Duration hour = Duration.ofHours(1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BlockRules(Duration.ZERO, hour, hour));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BlockRules(hour, hour.plusMillis(1), hour));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BlockRules(hour, hour.negated(), hour));
  }
}
