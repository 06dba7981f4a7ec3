package io.nova.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.run.LayerPicture.Day;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayerPictureTest {
  @Test
  void everyDayHasItsRowsByLayerAndABar() {
    LayerPicture picture =
        new LayerPicture(
            List.of(
                new Day("2026-03-02", "removed", Map.of(Layer.BATCH_LAYER, 18_000L), 18_000),
                new Day("2026-03-03", "closed", Map.of(Layer.CHUNKS, 9_000L), 9_000),
                new Day(
                    "2026-03-04",
                    "open",
                    Map.of(Layer.OPEN_BLOCKS, 5L, Layer.BLOCK_FILES, 1L, Layer.CHUNKS, 1L),
                    0)));

    assertThat(String.join("\n", picture.lines()) + "\n")
        .isEqualTo(
            """
              day         open blocks  block files    chunks       tag  batch layer   batch      rows
              2026-03-02            -            -         -    18,000       18,000   removed    ████████████
              2026-03-03            -            -     9,000     9,000            -   closed     ▓▓▓▓▓▓
              2026-03-04            5            1         1         -            -   open       ░▒▓
            """);
  }

  @Test
  void aPictureOfLargeDaysFitsIntoAHundredColumns() {
    Map<Layer, Long> rows =
        Map.of(Layer.OPEN_BLOCKS, 9_999_999L, Layer.CHUNKS, 9_999_999L, Layer.BATCH_LAYER, 1L);
    LayerPicture picture =
        new LayerPicture(List.of(new Day("2026-03-02", "withdrawn", rows, 9_999_999)));

    assertThat(picture.lines()).allMatch(line -> line.length() < 100);
  }

  @Test
  void theLayerOfARowFollowsItsSourceFile() {
    String table = "file:/work/warehouse/nova/";
    assertThat(Layer.of("live/17/1")).isEqualTo(Layer.OPEN_BLOCKS);
    assertThat(Layer.of(table + "events/data/a.avro")).isEqualTo(Layer.BLOCK_FILES);
    assertThat(Layer.of(table + "events/data/a.parquet")).isEqualTo(Layer.CHUNKS);
    assertThat(Layer.of(table + "batch_events/data/a.parquet")).isEqualTo(Layer.BATCH_LAYER);
  }
}
