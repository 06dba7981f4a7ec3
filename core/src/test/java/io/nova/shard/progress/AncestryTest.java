package io.nova.shard.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AncestryTest {
  private static RunCheckpoint of(String run, long id) {
    return new RunCheckpoint(run, id);
  }

  @Test
  void laterCheckpointOfTheSameRunHoldsWhatAnEarlierOneHeld() {
    Ancestry ancestry = Ancestry.NONE.with(of("a", 5)).with(of("b", 2));

    assertThat(ancestry.holds(of("a", 5))).isTrue();
    assertThat(ancestry.holds(of("a", 4))).isTrue();
    assertThat(ancestry.holds(of("b", 2))).isTrue();
    assertThat(ancestry.holds(of("a", 6))).isFalse();
    assertThat(ancestry.holds(of("b", 3))).isFalse();
    assertThat(ancestry.holds(of("c", 1))).isFalse();
    assertThat(ancestry.last()).contains(of("b", 2));
  }

  @Test
  void oldestAreForgotten() {
    Ancestry ancestry = Ancestry.NONE;
    for (int run = 0; run <= Ancestry.MOST; run++) {
      ancestry = ancestry.with(of("run-" + run, 1));
    }

    assertThat(ancestry.checkpoints()).hasSize(Ancestry.MOST);
    assertThat(ancestry.holds(of("run-0", 1))).isFalse();
    assertThat(ancestry.holds(of("run-1", 1))).isTrue();
  }

  @Test
  void theOneThatGoesBackFurtherIsTakenOfTwo() {
    Ancestry one = Ancestry.NONE.with(of("a", 5));

    assertThat(Ancestry.longer(one, Ancestry.NONE)).isEqualTo(one);
    assertThat(Ancestry.longer(Ancestry.NONE, one)).isEqualTo(one);
  }
}
