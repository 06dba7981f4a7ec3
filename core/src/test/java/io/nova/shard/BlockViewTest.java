package io.nova.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.shard.fingerprint.ColdCache;
import io.nova.shard.log.Segment;
import io.nova.shard.log.SegmentView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockViewTest {
  private static final long MINUTE = 60_000_000;
  private static final BlockRules RULES =
      new BlockRules(Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofHours(24));

  private final HeapShardState state = new HeapShardState();
  private final Shard shard = new Shard(3, RULES, state, new ColdCache(1 << 20));
  private final Random random = new Random(1);
  private final List<String> offered = new ArrayList<>();

  private void offer(int events) {
    for (int i = 0; i < events; i++) {
      byte[] row = new byte[50 + random.nextInt(900)];
      random.nextBytes(row);
      shard.offer(offered.size(), 7, MINUTE, row);
      offered.add(Arrays.toString(row));
    }
  }

  private BlockView view() {
    List<BlockView> views = shard.openViews();
    assertThat(views).hasSize(1);
    return views.get(0);
  }

  private List<String> rows(BlockView view) {
    List<String> rows = new ArrayList<>();
    Segment.RowConsumer consumer =
        (high, low, bytes, offset, length) ->
            rows.add(Arrays.toString(Arrays.copyOfRange(bytes, offset, offset + length)));
    for (SegmentView segment : view.segments()) {
      if (segment instanceof SegmentView.Full full) {
        Segment.read(full.stored(), consumer);
      } else if (segment instanceof SegmentView.Tail tail) {
        Segment.read(tail, consumer);
      } else if (segment instanceof SegmentView.Spilled spilled) {
        byte[] stored = state.segment(spilled.id());
        assertThat(Segment.checksum(stored)).isEqualTo(spilled.checksum());
        assertThat(Segment.count(stored)).isEqualTo(spilled.rows());
        Segment.read(stored, consumer);
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30, 1_000})
  void viewReadsTheSameRowsWhileItsBlockGrowsSpillsAndIsSealed(int events) {
    offer(events);
    BlockView view = view();
    List<String> then = List.copyOf(offered);

    offer(1_000);
    shard.flush();
    shard.spill();
    offer(10);
    shard.seal(0);

    assertThat(rows(view)).isEqualTo(then);
    assertThat(view.rows()).isEqualTo(then.size());
    assertThat(shard.openViews()).isEmpty();
  }

  @Test
  void spilledRowsAreNamedAndKnownByTheirChecksum() {
    offer(1_000);
    shard.spill();
    offer(1);

    assertThat(view().segments()).hasAtLeastOneElementOfType(SegmentView.Spilled.class);
    assertThat(rows(view())).isEqualTo(offered);
  }

  @Test
  void viewsAreReadOnAnotherThreadWhileTheirBlockGrows() {
    AtomicReference<BlockView> published = new AtomicReference<>();
    AtomicBoolean written = new AtomicBoolean();
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> {
              int last = 0;
              while (!written.get()) {
                BlockView view = published.get();
                int rows = view == null ? 0 : numbers(view);
                assertThat(rows).isGreaterThanOrEqualTo(last);
                last = rows;
              }
            });
    for (int i = 0; i < 20_000; i++) {
      byte[] row = new byte[40];
      Arrays.fill(row, (byte) i);
      shard.offer(i, 7, MINUTE, row);
      published.set(view());
    }
    written.set(true);

    reader.join();
    assertThat(numbers(published.get())).isEqualTo(20_000);
  }

  /** Counts the rows of a view, each of which is filled with the low byte of its number. */
  private static int numbers(BlockView view) {
    int[] next = {0};
    Segment.RowConsumer consumer =
        (high, low, bytes, offset, length) -> {
          byte expected = (byte) next[0]++;
          assertThat(length).isEqualTo(40);
          for (int at = offset; at < offset + length; at += 13) {
            assertThat(bytes[at]).isEqualTo(expected);
          }
        };
    for (SegmentView segment : view.segments()) {
      if (segment instanceof SegmentView.Full full) {
        Segment.read(full.stored(), consumer);
      } else if (segment instanceof SegmentView.Tail tail) {
        Segment.read(tail, consumer);
      }
    }
    assertThat(view.rows()).isEqualTo(next[0]);
    return next[0];
  }

  @Test
  void viewIsTheSameOneUntilItsBlockChanges() {
    offer(10);
    BlockView view = view();

    assertThat(view()).isSameAs(view);
    offer(1);
    assertThat(view()).isNotSameAs(view);
  }
}
