package io.nova.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.nova.event.Micros;
import io.nova.live.cut.StoredCut;
import io.nova.live.cut.StoredCuts;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.BlocksRequest;
import io.nova.live.protocol.LiveJson;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.RowsRequest;
import io.nova.live.protocol.SubtaskView.Behind;
import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.live.protocol.SubtaskView.Newest;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import io.nova.shard.BlockFile;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.RunCheckpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JSON of live views, byte for byte as in docs/reference/formats.md. */
class LiveFormatsTest {
  private static final ShardEnd SIX = new ShardEnd(6, 2, 3);

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = LiveFormatsTest.class.getResourceAsStream("/formats/" + name)) {
      return in.readAllBytes();
    }
  }

  private static <T> void assertIs(String name, T value, Class<T> type) throws IOException {
    assertThat(LiveJson.read(golden(name), type)).isEqualTo(value);
    assertThat(new String(LiveJson.write(value), StandardCharsets.UTF_8))
        .isEqualTo(new String(golden(name), StandardCharsets.UTF_8));
  }

  @Test
  void announcementOfVersion1() throws IOException {
    Announcement announcement =
        new Announcement(
            1,
            "run-1",
            3,
            1,
            "10.0.0.7",
            6310,
            true,
            "drawn",
            false,
            List.of(SIX, new ShardEnd(7, 0, 0)));

    assertIs("announcement-v1.json", announcement, Announcement.class);
  }

  private static PinnedView pinned(Checkpointed checkpointed) {
    BlockFile sealed =
        new BlockFile(
            "file:/w/nova/events/data/batch_number=20777/block-1.avro",
            1000,
            3,
            20777,
            -300_000_000,
            0,
            List.of(new BlockFile.Block(6, 3, 3)));
    return new PinnedView(
        1,
        "l-1",
        60_000,
        "run-1",
        List.of(SIX),
        List.of(new PinnedView.OpenBlock(6, -5, 2, 900)),
        List.of(sealed),
        List.of(new Newest(6, 2, 12, Micros.UNKNOWN)),
        List.of(new Behind(2, -1, 17)),
        checkpointed);
  }

  @Test
  void pinnedViewOfVersion1() throws IOException {
    Ancestry ancestry =
        Ancestry.NONE.with(new RunCheckpoint("run-0", 4)).with(new RunCheckpoint("run-1", 9));
    Checkpointed checkpointed =
        new Checkpointed(9, Map.of(0, 41L, 2, 17L), Map.of(6, 2L), ancestry);

    assertIs("pinned-view-v1.json", pinned(checkpointed), PinnedView.class);
  }

  @Test
  void pinnedCutOfVersion1(@TempDir Path table) throws IOException {
    Checkpointed checkpointed = new Checkpointed(9, Map.of(0, 41L), Map.of(6, 2L), Ancestry.NONE);
    Announcement subtask =
        new Announcement(1, "run-1", 3, 1, "10.0.0.7", 6310, true, "", false, List.of(SIX));
    StoredCut cut =
        new StoredCut(
            1,
            "cut-1",
            1_795_860_000_000L,
            -5L,
            20_776,
            null,
            pinned(checkpointed).sealed(),
            List.of(new StoredCut.View(subtask, pinned(checkpointed))));
    Path file = table.resolve("live/run-1/cuts/cut-1.json");
    StoredCuts cuts = new StoredCuts(table.toUri().toString());

    cuts.write(cut);
    assertThat(Files.readString(file))
        .isEqualTo(new String(golden("cut-v1.json"), StandardCharsets.UTF_8));
    Files.write(file, golden("cut-v1.json"));
    assertThat(cuts.read("cut-1")).isEqualTo(cut);
  }

  @Test
  void requestForRows() throws IOException {
    RowsRequest request =
        RowsRequest.of(
            "l-1",
            List.of(6, 7),
            List.of(8, 1),
            Expressions.and(
                Expressions.greaterThanOrEqual("server_upload_time", 1_000_001L),
                Expressions.equal("event_type", "open")),
            1_000);

    assertIs("rows-request-v1.json", request, RowsRequest.class);
  }

  @Test
  void requestForNewerRows() throws IOException {
    BlocksRequest request =
        new BlocksRequest(
            "lease-1", List.of(new BlocksRequest.Block(6, 5_983_200, 812)), List.of(1, 5));

    assertIs("blocks-request-v1.json", request, BlocksRequest.class);
  }

  @Test
  void otherVersionsAreRefused() {
    assertIsRefused("announcement-v1.json", Announcement.class, "Announcement of live views");
    assertIsRefused("pinned-view-v1.json", PinnedView.class, "Live view");
  }

  private static void assertIsRefused(String name, Class<?> type, String what) {
    for (int version : new int[] {0, 2}) {
      assertThatIOException()
          .isThrownBy(() -> LiveJson.read(golden(name, version), type))
          .withMessageContaining(what + ": version " + version + " found, 1 expected");
    }
  }

  private static byte[] golden(String name, int version) throws IOException {
    return new String(golden(name), StandardCharsets.UTF_8)
        .replace("\"version\":1", "\"version\":" + version)
        .getBytes(StandardCharsets.UTF_8);
  }
}
