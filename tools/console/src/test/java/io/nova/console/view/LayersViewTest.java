package io.nova.console.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.nova.console.view.LayersPicture.BatchSpan;
import io.nova.console.view.LayersPicture.BlockGroup;
import io.nova.console.view.LayersPicture.ChunkBar;
import io.nova.console.view.LayersPicture.Marks;
import io.nova.console.view.LayersPicture.Savepoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayersViewTest {
  @TempDir private Path folder;

  private DemoEngine engine;
  private LayersView view;

  @BeforeEach
  void start() throws Exception {
    engine = new DemoEngine();
    view = new LayersView(DemoStore.store(folder, null), engine, InstantSource.system());
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private static long micros(String time) {
    return Instant.parse(time).toEpochMilli() * 1_000;
  }

  @Test
  void blocksOfOneIntervalAndPlaceAreOneGroup() throws Exception {
    engine.run(
        """
        INSERT INTO blocks VALUES
          (7, 1, '2026-11-20 10:00:00Z', 'open', 10, 100, NULL, NULL, false),
          (7, 2, '2026-11-20 10:00:00Z', 'open', 20, 200, NULL, NULL, false),
          (7, 2, '2026-11-20 10:00:00Z', 'sealed', 5, 50, 1, NULL, false),
          (6, NULL, '2026-11-19 10:00:00Z', 'block_file', 5, 50, NULL, 'f', true)
        """);

    assertThat(view.collect().blocks())
        .containsExactly(
            new BlockGroup(7, micros("2026-11-20T10:00:00Z"), "open", 2, 30, 300),
            new BlockGroup(7, micros("2026-11-20T10:00:00Z"), "sealed", 1, 5, 50));
  }

  @Test
  void chunksAndBatchesHaveTheirSpans() throws Exception {
    engine.run(
        """
        INSERT INTO chunks VALUES
          ('/w/data/c1.parquet', 7, 10, 100, '2026-11-20 08:00:00Z', '2026-11-20 09:00:00Z', false),
          ('/w/data/c0.parquet', 6, 10, 100, '2026-11-19 08:00:00Z', '2026-11-19 09:00:00Z', true);
        INSERT INTO batches VALUES
          ('2026-11-20', 7, '2026-11-20 00:00:00Z', '2026-11-21 00:00:00Z', 'open', 35, 1, 100)
        """);
    LayersPicture picture = view.collect();

    assertThat(picture.chunks())
        .containsExactly(
            new ChunkBar(
                "c1.parquet",
                7,
                10,
                100,
                micros("2026-11-20T08:00:00Z"),
                micros("2026-11-20T09:00:00Z")));
    assertThat(picture.batches())
        .containsExactly(
            new BatchSpan(
                "2026-11-20",
                7,
                micros("2026-11-20T00:00:00Z"),
                micros("2026-11-21T00:00:00Z"),
                "open",
                35L,
                1L,
                100L));
  }

  @Test
  void marksFollowTheProgressOfPartitions() throws Exception {
    engine.run(
        """
        INSERT INTO freshness VALUES
          (0, 0, '2026-11-20 10:00:00Z', '2026-11-20 10:00:00Z', NULL, NULL, NULL),
          (1, 0, '2026-11-20 10:05:00Z', '2026-11-20 10:00:00Z', NULL, NULL, NULL),
          (1, 1, '2026-11-20 10:09:00Z', '2026-11-20 10:00:00Z', NULL, NULL, NULL),
          (1, NULL, '2026-11-20 10:30:00Z', NULL, 1, 1, 0);
        INSERT INTO batches VALUES
          ('2026-11-18', 5, '2026-11-18 00:00:00Z', '2026-11-19 00:00:00Z', 'removed', NULL, NULL, NULL),
          ('2026-11-19', 6, '2026-11-19 00:00:00Z', '2026-11-20 00:00:00Z', 'completed', 1, 1, 1),
          ('2026-11-20', 7, '2026-11-20 00:00:00Z', '2026-11-21 00:00:00Z', 'open', 1, 1, 1)
        """);

    assertThat(view.collect().marks())
        .isEqualTo(
            new Marks(
                micros("2026-11-20T10:05:00Z"),
                micros("2026-11-20T10:09:00Z"),
                micros("2026-11-20T09:59:00Z"),
                micros("2026-11-19T10:05:00Z"),
                micros("2026-11-20T00:00:00Z")));
  }

  @Test
  void completeSavepointsAreListedNewestFirst() throws Exception {
    metadata("savepoints/savepoint-1", Duration.ofHours(2));
    metadata("checkpoints/job/chk-7", Duration.ofHours(1));
    Files.createDirectories(folder.resolve("checkpoints/job/chk-8"));

    assertThat(view.collect().savepoints())
        .extracting(Savepoint::kind, Savepoint::name)
        .containsExactly(tuple("checkpoint", "chk-7"), tuple("savepoint", "savepoint-1"));
  }

  private void metadata(String path, Duration age) throws Exception {
    Path file = Files.createDirectories(folder.resolve(path)).resolve("_metadata");
    Files.writeString(file, "x");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  @Test
  void silentJobLeavesTheLayersOfTheTable() throws Exception {
    engine.run(
        """
        INSERT INTO chunks VALUES
          ('/w/data/c1.parquet', 7, 10, 100, '2026-11-20 08:00:00Z', '2026-11-20 09:00:00Z', false)
        """);
    engine.silent("key groups 0-63 are missing");
    LayersPicture picture = view.collect();

    assertThat(picture.sources())
        .contains(
            new Source("chunks", null), new Source("live views", "key groups 0-63 are missing"));
    assertThat(picture.chunks()).extracting(ChunkBar::file).containsExactly("c1.parquet");
  }

  @Test
  void engineMayFailAlone() throws Exception {
    metadata("savepoints/savepoint-1", Duration.ofHours(2));
    engine.away("the cut is lost");
    LayersPicture picture = view.collect();

    assertThat(picture.sources())
        .contains(new Source("blocks", "the cut is lost"), new Source("savepoints", null));
    assertThat(picture.blocks()).isEmpty();
    assertThat(picture.savepoints()).hasSize(1);
  }
}
