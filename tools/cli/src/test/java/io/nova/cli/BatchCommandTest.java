package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.identity.FingerprintKey;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.TableRules;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Errors of {@code nova batch} that need neither a broker nor a job. */
class BatchCommandTest {
  private static final String LINK = "4a9de6f5-4a3b-4e0e-8b5e-5f7b3d7a1c11";

  private static final FingerprintKey KEY =
      FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f");

  @TempDir private Path folder;
  private final StringWriter errors = new StringWriter();

  private int run(String... words) {
    List<String> all = new ArrayList<>(List.of("batch"));
    all.addAll(List.of(words));
    all.addAll(List.of("--dir", folder.resolve("work").toString()));
    CommandLine nova = Nova.commandLine().setErr(new PrintWriter(errors, true));
    return nova.execute(all.toArray(String[]::new));
  }

  private String table() {
    TableRules rules = new TableRules(4, Duration.ofMinutes(5), Duration.ofHours(1), KEY);
    String warehouse = folder.resolve("warehouse").toString();
    EventTable unused = EventTable.findOrCreate(warehouse, rules);
    return warehouse;
  }

  @Test
  void aListOfATableWithoutClosedBatchesIsDone() {
    assertThat(run("list", "--warehouse", table())).isZero();
    assertThat(run("expire", "--dry-run", "--warehouse", table())).isZero();
  }

  @Test
  void aWrongNameIsWrongUsageAndNamesTheExpectedForm() {
    assertThat(run("close", "yesterday", "--warehouse", table())).isEqualTo(2);
    assertThat(errors.toString())
        .contains("Batch 'yesterday': expected the UTC day or time")
        .contains("2026-11-21T13:00Z");
    assertThat(run("audit", "2026-11-21T13:05Z", "--warehouse", table())).isEqualTo(2);
    assertThat(errors.toString()).contains("the batch with that time is 2026-11-21T13:00Z");
  }

  @Test
  void wrongArgumentsAreWrongUsage() {
    assertThat(run("complete", "2026-11-21", "x", "--warehouse", table())).isEqualTo(2);
    assertThat(errors.toString()).contains("'x'");
    assertThat(run("complete", "2026-11-21", LINK, "--rows", "3", "--warehouse", table()))
        .isEqualTo(2);
    assertThat(errors.toString()).contains("--rows and --digest: expected both");
    assertThat(
            run(
                "complete",
                "2026-11-21",
                LINK,
                "--force",
                "--rows",
                "3",
                "--digest",
                "0f".repeat(16),
                "--warehouse",
                table()))
        .isEqualTo(2);
    assertThat(errors.toString()).contains("--force: found it with --rows and --digest");
    assertThat(run("retire", "-1", "--warehouse", table())).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
  }

  @Test
  void withoutATableOrAFolderTheCommandSaysWhatIsMissing() {
    assertThat(run("list")).isEqualTo(1);
    assertThat(errors.toString()).contains("--warehouse").contains("--dir");
    assertThat(run("list", "--warehouse", folder.resolve("empty").toString())).isEqualTo(1);
    assertThat(errors.toString()).contains("has no table nova.events");
  }

  @Test
  void aBatchWithoutATagHasNoAudit() {
    assertThat(run("audit", "2026-11-21", "--warehouse", table())).isEqualTo(1);
    assertThat(errors.toString()).contains("Batch 2026-11-21: the table has no tag batch-498672");
  }

  @Test
  void aBrokerThatDoesNotAnswerIsAFailureAndNothingWasSent() throws Exception {
    Path settings =
        Files.writeString(
            folder.resolve("client.properties"),
            "default.api.timeout.ms=600\nrequest.timeout.ms=300\n");
    assertThat(
            run(
                "close",
                "2026-11-21",
                "--warehouse",
                table(),
                "--bootstrap-servers",
                "127.0.0.1:1",
                "--command-config",
                settings.toString()))
        .isEqualTo(1);
    assertThat(errors.toString())
        .contains("Topic batches at 127.0.0.1:1")
        .contains("The request was not sent");
  }

  @Test
  void everyCommandHasHelp() {
    Map<String, CommandLine> commands =
        Nova.commandLine().getSubcommands().get("batch").getSubcommands();
    assertThat(commands.keySet())
        .contains("list", "close", "complete", "withdraw", "retire", "audit", "late", "expire");
    commands.values().forEach(one -> assertThat(one.getUsageMessage()).contains("--help"));
  }
}
