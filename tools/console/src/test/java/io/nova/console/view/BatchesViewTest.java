package io.nova.console.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchesViewTest {
  @TempDir private Path folder;

  @Test
  void silentJobLeavesTheBatchesOfTheTable() throws Exception {
    try (DemoEngine engine = new DemoEngine()) {
      engine.run(
          """
          INSERT INTO batches VALUES
            ('2026-11-20', 7, '2026-11-20 00:00:00Z', '2026-11-21 00:00:00Z', 'open', 35, 1, 100)
          """);
      engine.silent("key groups 0-63 are missing");

      BatchesView.Picture picture =
          new BatchesView(DemoStore.store(folder, null), engine, false).collect();

      assertThat(picture.sources())
          .contains(
              new Source("batches", null), new Source("live views", "key groups 0-63 are missing"));
      assertThat(picture.batches())
          .extracting(BatchesView.Line::name, BatchesView.Line::rows)
          .containsExactly(tuple("2026-11-20", 35L));
    }
  }
}
