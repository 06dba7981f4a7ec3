package io.nova.job.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.shard.BlockRules;
import io.nova.shard.HeapShardState;
import io.nova.shard.Shard;
import io.nova.shard.fingerprint.ColdCache;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.ReadPositions;
import io.nova.shard.progress.RunCheckpoint;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The content that no failure undoes, from a restore on. */
class LastCheckpointTest {
  private static final String RUN = "run-1";

  private final HeapShardState state = new HeapShardState();
  private final ReadPositions readTo = new ReadPositions();

  /** Restores as an operator does. */
  private LastCheckpoint restored() {
    Shard shard = shard();
    readTo.readAll(shard.readTo().asMap());
    return new LastCheckpoint(Map.of(0, shard), readTo);
  }

  private Shard shard() {
    return new Shard(0, BlockRules.DEFAULT, state, new ColdCache(1));
  }

  @Test
  void newJobBeganWithNothing() {
    LastCheckpoint checkpoint = new LastCheckpoint(Map.of(), readTo);

    assertThat(checkpoint.reach()).isEqualTo(Checkpointed.NOTHING);
  }

  @Test
  void restoredJobBeganWithWhatItsStateHolds() {
    Ancestry taken = Ancestry.NONE.with(new RunCheckpoint("run-0", 4));
    Shard shard = shard();
    shard.readTo().read(2, 40);
    shard.takenBy(taken);
    shard.flush();

    LastCheckpoint checkpoint = restored();

    assertThat(checkpoint.reach())
        .isEqualTo(new Checkpointed(0, Map.of(2, 40L), Map.of(0, 0L), taken));
  }

  @Test
  void checkpointOfARunThatHasNoNameYetIsNotShown() {
    LastCheckpoint checkpoint = new LastCheckpoint(Map.of(), readTo);

    assertThat(checkpoint.taken(1)).isEqualTo(Ancestry.NONE);
    assertThat(checkpoint.completed(1)).isFalse();
    checkpoint.begin(RUN);
    assertThat(checkpoint.taken(2)).isEqualTo(Ancestry.NONE.with(new RunCheckpoint(RUN, 2)));
    assertThat(checkpoint.completed(2)).isTrue();
    assertThat(checkpoint.reach().id()).isEqualTo(2);
  }

  @Test
  void anOlderCheckpointThanTheLastIsNoNews() {
    LastCheckpoint checkpoint = new LastCheckpoint(Map.of(), readTo);
    checkpoint.begin(RUN);
    checkpoint.taken(1);
    checkpoint.taken(2);

    assertThat(checkpoint.completed(2)).isTrue();
    assertThat(checkpoint.completed(1)).isFalse();
    assertThat(checkpoint.reach().id()).isEqualTo(2);
  }
}
