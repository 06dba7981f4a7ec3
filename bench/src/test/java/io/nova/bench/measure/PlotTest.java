package io.nova.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotTest {
  @TempDir Path folder = Path.of("");

  @Test
  void linesHaveTheirNamesAndAxes() throws Exception {
    Path file = folder.resolve("new/lines.svg");

    Plot.lines(
            "Messages read",
            "messages a second",
            Map.of("nova", List.of(new RateCurve.Point(1, 5), new RateCurve.Point(2, 7))))
        .write(file);

    assertThat(Files.readString(file))
        .contains("<svg", "Messages read", "messages a second", "nova", "</svg");
  }

  @Test
  void barsHaveTheirGroups() throws Exception {
    Path file = folder.resolve("bars.svg");

    Plot.bars("Queries", "seconds", List.of("count", "sum"), Map.of("duckdb", List.of(1.0, 2.0)))
        .write(file);

    assertThat(Files.readString(file)).contains("<svg", "count", "sum", "duckdb", "</svg");
  }

  @Test
  void seriesWithoutPointsIsLeftOut() throws Exception {
    Path file = folder.resolve("empty.svg");

    Plot.lines("Lag", "messages", Map.of("nova", List.of())).write(file);

    assertThat(Files.readString(file)).contains("Lag", "</svg");
  }
}
