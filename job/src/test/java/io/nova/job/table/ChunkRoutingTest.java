package io.nova.job.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.shard.BlockFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkRoutingTest {
  private static final int SUBTASKS = 4;
  private static final long TARGET = 400;

  private final List<ChunkRouting> senders =
      IntStream.range(0, SUBTASKS).mapToObj(any -> new ChunkRouting(TARGET)).toList();

  private static BlockFile file(long batch, long bytes) {
    return new BlockFile("f", bytes, 1, batch, 0, 1, List.of(new BlockFile.Block(0, 1, 1)));
  }

  /** Every sender sends a file of this size. Returns where they go. */
  private List<Integer> sent(long batch, long bytes) {
    return senders.stream().map(one -> one.partition(file(batch, bytes), SUBTASKS)).toList();
  }

  @Test
  void aBatchWithFewEventsGoesToOneSubtask() {
    Set<Integer> subtasks = new TreeSet<>();
    for (int interval = 0; interval < 99; interval++) {
      subtasks.addAll(sent(20_777, 1));
    }

    assertThat(subtasks).containsExactly(20_777 % SUBTASKS);
  }

  @Test
  void subtasksTakeTurnsOnceTheFilesMakeAChunk() {
    List<Integer> subtasks = new ArrayList<>();
    for (int interval = 0; interval < 8; interval++) {
      Set<Integer> together = new TreeSet<>(sent(20_777, 50));
      assertThat(together).hasSize(1);
      subtasks.addAll(together);
    }

    assertThat(subtasks).containsExactly(1, 1, 2, 2, 3, 3, 0, 0);
  }

  @Test
  void everySubtaskHasWorkWhateverTheSizesOfTheFiles() {
    List<Integer> files = new ArrayList<>(Collections.nCopies(SUBTASKS, 0));
    for (int i = 0; i < 4_000; i++) {
      int to = senders.get(i % SUBTASKS).partition(file(-3, 1 + i % 7), SUBTASKS);
      files.set(to, files.get(to) + 1);
    }

    assertThat(files).allMatch(count -> count > 800);
  }
}
