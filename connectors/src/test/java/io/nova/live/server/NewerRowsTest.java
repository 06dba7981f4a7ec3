package io.nova.live.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.live.client.LiveRows;
import io.nova.live.protocol.BlocksRequest;
import io.nova.live.protocol.LiveException;
import io.nova.live.protocol.PinnedView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that keeps rows of open blocks reads the rows after them. */
class NewerRowsTest {
  private static final List<Integer> PLACE = List.of(4, 5);

  private ServedShard served;

  @BeforeEach
  void start() throws IOException {
    served = new ServedShard();
  }

  @AfterEach
  void stop() {
    served.close();
  }

  private List<List<Object>> after(PinnedView pinned, long skip) throws IOException {
    long interval = pinned.open().get(0).interval();
    return read(pinned, new BlocksRequest.Block(ServedShard.SHARD, interval, skip));
  }

  private List<List<Object>> read(PinnedView pinned, BlocksRequest.Block block) throws IOException {
    BlocksRequest request = new BlocksRequest(pinned.lease(), List.of(block), PLACE);
    List<List<Object>> all = new ArrayList<>();
    try (LiveRows rows = served.client.blocks(served.announcement(), request)) {
      for (IndexedRecord row = rows.next(); row != null; row = rows.next()) {
        all.add(List.of(row.get(0), row.get(1)));
      }
    }
    return all;
  }

  private List<List<Object>> expected(int from, int to) {
    return ServedShard.columns(served.rows.subList(from, to), PLACE);
  }

  @Test
  void eachRefreshReadsTheRowsThatTheClientLacks() throws IOException {
    int known = 0;
    for (int round = 0; round < 12; round++) {
      served.admit(1 + 97 * round);
      if (round == 5) {
        served.spill();
      }
      served.publish();
      PinnedView pinned = served.pin();

      assertThat(after(pinned, known)).isEqualTo(expected(known, served.rows.size()));
      known = served.rows.size();
      assertThat(after(pinned, known)).isEmpty();
    }
  }

  @Test
  void anyNumberOfRowsCanBeSkipped() throws IOException {
    served.admit(3_000);
    served.publish();
    PinnedView pinned = served.pin();
    for (int skip : List.of(0, 1, 499, 500, 1_234, 2_999, 3_000)) {
      assertThat(after(pinned, skip)).as("%s", skip).isEqualTo(expected(skip, 3_000));
    }
  }

  @Test
  void rowsOfASealedBlockComeFromItsFile(@TempDir Path folder) throws IOException {
    served.admit(3_000);
    served.spill();
    served.publish();
    PinnedView pinned = served.pin();
    served.sealInto(folder);

    assertThat(after(pinned, 1_700)).isEqualTo(expected(1_700, 3_000));
  }

  @Test
  void skippedSegmentsAreNotFetched() throws IOException {
    served.admit(3_000);
    served.spill();
    served.publish();
    PinnedView pinned = served.pin();
    int before = served.fetches.get();

    assertThat(after(pinned, 2_999)).hasSize(1);
    assertThat(served.fetches.get() - before).isEqualTo(1);
  }

  @Test
  void unknownBlocksAreRefused() throws IOException {
    served.admit(10);
    served.publish();
    PinnedView pinned = served.pin();
    long interval = pinned.open().get(0).interval();

    assertRefused(pinned, new BlocksRequest.Block(ServedShard.SHARD, interval, 11), "10 rows");
    assertRefused(pinned, new BlocksRequest.Block(ServedShard.SHARD, interval + 1, 0), "no such");
    assertRefused(pinned, new BlocksRequest.Block(1, interval, 0), "no such block");
  }

  private void assertRefused(PinnedView pinned, BlocksRequest.Block block, String found) {
    assertThatThrownBy(() -> read(pinned, block))
        .isInstanceOfSatisfying(LiveException.class, e -> assertThat(e.status()).isEqualTo(400))
        .hasMessageContaining(found);
  }
}
