package io.nova.bench.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private final StringWriter out = new StringWriter();
  private final Report report = new Report(new PrintWriter(out, true));

  @Test
  void lastLineIsOneObjectWithEveryFigure() throws Exception {
    report.facts("peerSql", List.of("SELECT 1"));
    report.figure("ratioSustained", 2.512345);
    report.figure("events", 4_000_000L);
    report.line("ratio %.2f", 2.512345);
    report.end(Path.of("plot.svg"), true);

    List<String> lines = out.toString().lines().toList();
    JsonNode figures = new ObjectMapper().readTree(lines.get(lines.size() - 1));

    assertThat(lines).contains("ratio 2.51", "  SELECT 1");
    assertThat(figures.path("ratioSustained").asDouble()).isEqualTo(2.512);
    assertThat(figures.path("events").asLong()).isEqualTo(4_000_000);
    assertThat(figures.path("peerSql").get(0).asText()).isEqualTo("SELECT 1");
    assertThat(figures.path("machine").asText()).contains("cores", "Java");
  }

  @Test
  void versionsAreThoseOfTheJars() {
    assertThat(
            Versions.of(
                "/lib/flink-core-2.3.0.jar:/lib/flink-core-api-9.jar:/b/kafka_2.13-4.2.1.jar"))
        .startsWith("flink-core 2.3.0, kafka_2.13 4.2.1, DuckDB v");
  }

  @Test
  void figureThatIsNoNumberIsZero() {
    assertThat(Report.rounded(0.0 / 0.0)).isZero();
  }
}
