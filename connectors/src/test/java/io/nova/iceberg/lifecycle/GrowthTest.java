package io.nova.iceberg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.iceberg.commit.LinkSummary.Step;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Invariant 8: under a steady load snapshots, metadata, files and state reach a steady size. By
 * hand with other numbers: {@code -Dnova.growth.commits=12000 -Dnova.growth.retained=10080}. It
 * then prints the figures.
 */
class GrowthTest {
  private static final int COMMITS = Integer.getInteger("nova.growth.commits", 600);
  private static final int RETAINED = Integer.getInteger("nova.growth.retained", 120);
  private static final int MERGED_TOGETHER = 20;
  private static final int COMMITS_A_RUN = 20;
  private static final int COMMITS_A_BATCH = 120;
  private static final long FIRST_BATCH = 20_000;

  @TempDir private Path folder;
  private LifecycleWorld world;
  private final List<BlockFile> unmerged = new ArrayList<>();
  private final List<Instant> committed = new ArrayList<>();
  private final List<Long> micros = new ArrayList<>();
  private BlockFile template;

  private record Size(long snapshots, long metadataBytes, long files, long stateBytes) {}

  @Test
  void snapshotsMetadataFilesAndStateReachASteadySize() {
    world = new LifecycleWorld(folder);
    TableLifecycle lifecycle = world.lifecycle(LifecycleWorld.WEEK);
    List<Size> sizes = new ArrayList<>();
    while (committed.size() < COMMITS) {
      commit();
      if (committed.size() % COMMITS_A_RUN == 0) {
        expire(lifecycle);
        sizes.add(size(lifecycle));
        report(sizes.get(sizes.size() - 1));
      }
    }
    mustBeSteady(sizes, Size::snapshots);
    mustBeSteady(sizes, Size::metadataBytes);
    mustBeSteady(sizes, Size::files);
    mustBeSteady(sizes, Size::stateBytes);
  }

  /** Commits a block file. Some links merge and close a batch; half a batch later it leaves. */
  private void commit() {
    long batch = FIRST_BATCH + committed.size() / COMMITS_A_BATCH;
    BlockFile file = file(batch);
    unmerged.add(file);
    long start = System.nanoTime();
    world.commit(file);
    micros.add((System.nanoTime() - start) / 1000);
    committed.add(Instant.now());
    if (committed.size() % COMMITS_A_BATCH == 0) {
      world.draft.close(batch, "nova");
      world.draft.sealed(0, batch);
      world.draft.sealed(1, batch);
    }
    if (committed.size() % MERGED_TOGETHER == 0) {
      world.merge(unmerged.toArray(BlockFile[]::new));
      unmerged.clear();
    }
    if (committed.size() % COMMITS_A_BATCH == COMMITS_A_BATCH / 2 && batch > FIRST_BATCH) {
      handOff(batch - 1);
    }
  }

  /** A block file of a batch: a copy of its first one. */
  private BlockFile file(long batch) {
    if (committed.size() % COMMITS_A_BATCH == 0) {
      template = world.file(LocalDate.ofEpochDay(batch) + " 10:02:00");
      return template;
    }
    Path copy = Path.of(template.path()).resolveSibling("block-" + UUID.randomUUID() + ".avro");
    try {
      Files.copy(Path.of(template.path()), copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BlockFile(
        copy.toString(),
        template.sizeBytes(),
        template.rows(),
        batch,
        template.uploadFromMicros(),
        template.uploadToMicros(),
        template.blocks());
  }

  private void handOff(long batch) {
    world.removeBatch(batch);
    world.chain.change(
        Step.HANDOFF,
        transaction -> {
          transaction.updateProperties().set(HandoffProperties.PROPERTY, handoff(batch)).commit();
          return true;
        });
    world.dropTag(batch);
    world.draft.forget(batch, batch);
  }

  private static String handoff(long batch) {
    try {
      return new ObjectMapper()
          .writeValueAsString(new HandoffProperties(1, batch, batch, null, -1, List.of()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs the lifecycle at the time when the retention begins {@code RETAINED} commits ago. */
  private void expire(TableLifecycle lifecycle) {
    if (committed.size() > RETAINED) {
      Instant since = committed.get(committed.size() - RETAINED - 1);
      world.clock.now = since.plus(Duration.ofDays(7));
      lifecycle.run(NamedByState.NOTHING);
    }
  }

  private Size size(TableLifecycle lifecycle) {
    LifecycleFigures figures = lifecycle.figures();
    return new Size(
        figures.snapshots(),
        figures.metadataBytes(),
        world.paths().size(),
        world.state().write().length);
  }

  private void report(Size size) {
    if (committed.size() % 1000 == 0) {
      long[] last =
          micros.subList(committed.size() - 500, committed.size()).stream()
              .mapToLong(Long::longValue)
              .sorted()
              .toArray();
      System.out.printf(
          "%d commits: %s, commit p50 %d us, p99 %d us%n",
          committed.size(), size, last[250], last[495]);
    }
  }

  private static void mustBeSteady(List<Size> sizes, ToLongFunction<Size> figure) {
    long[] all = sizes.stream().mapToLong(figure).toArray();
    double middle = mean(all, all.length / 3, 2 * all.length / 3);
    double last = mean(all, 2 * all.length / 3, all.length);
    assertThat(last).as(Arrays.toString(all)).isCloseTo(middle, withinPercentage(10));
  }

  private static double mean(long[] all, int from, int to) {
    return Arrays.stream(all, from, to).average().orElseThrow();
  }
}
