package io.nova.bench.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.Nova;
import io.nova.cli.cluster.LocalCluster;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class NovaBenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine command =
      Nova.commandLine(new NovaBench())
          .setOut(new PrintWriter(out, true))
          .setErr(new PrintWriter(err, true));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "digest",
        "ingest --events many",
        "ingest --events 9999",
        "ingest --only duckdb",
        "ingest --live-rate 0",
        "ingest --option nova.ledger",
        "ingest more",
        "query --events 0",
        "query --live-rate 5",
        "recovery --live-rate -3",
        "recovery --only nova"
      })
  void wrongUsageIsReportedBeforeAnythingStarts(String words) {
    int exit = command.execute(words.isEmpty() ? new String[0] : words.split(" ", -1));

    assertThat(exit).isEqualTo(2);
    assertThat(err.toString()).startsWith("nova: ").contains("--help");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "ingest --help", "query --help", "recovery --help"})
  void helpGoesToStandardOutput(String words) {
    assertThat(command.execute(words.split(" ", -1))).isZero();
    assertThat(out.toString()).startsWith("Usage: nova bench");
    assertThat(err.toString()).isEmpty();
  }

  /** The options of a run are the common ones and those of its variant. */
  @Test
  void aRunWritesAdmittedEventsIfAnyOptionNamesTheirTopic() {
    String window = "nova.dedup.window=24 h";
    String topic = "nova.admitted.topic=" + LocalCluster.ADMITTED;

    assertThat(IngestCommand.writesAdmitted(List.of(topic, window))).isTrue();
    assertThat(IngestCommand.writesAdmitted(List.of(window, topic))).isTrue();
    assertThat(IngestCommand.writesAdmitted(List.of(window))).isFalse();
    assertThat(IngestCommand.writesAdmitted(List.of("nova.admitted.topic=other"))).isFalse();
  }

  @Test
  void helpNamesTheFiguresOfAnIngest() {
    command.execute("ingest", "--help");

    assertThat(out.toString()).contains("between 25 % and 90 %", "durable and visible");
  }
}
