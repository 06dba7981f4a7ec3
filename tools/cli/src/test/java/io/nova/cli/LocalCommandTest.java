package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LocalCommandTest {
  @TempDir private Path dir;

  @Test
  void onceRefusesStandardInputBeforeAnythingStarts() {
    assertRefused("cannot come from standard input", "--once", "--events", "-");
  }

  @Test
  void daysRefuseWhatDoesNotGoWithAReplayBeforeAnythingStarts() {
    assertRefused("cannot --resume", "--days", "3", "--resume");
    assertRefused("takes no --events", "--days", "3", "--events", "export.json.gz");
    assertRefused("takes no --events", "--days", "3", "--events", "-");
    assertRefused("takes no mapping", "--days", "3", "--mapping", "github");
    assertRefused("expected one day", "--days", "3", "-o", "nova.batch.length=1 h");
  }

  @Test
  void daysAreOneToSevenWithEnoughMessages() {
    assertRefused("--days: found 0, expected 1 to 7", "--days", "0");
    assertRefused("--days: found 8, expected 1 to 7", "--days", "8");
    assertRefused("'--days'", "--days", "all");
    assertRefused("--count: found 3,999 messages a day", "--days", "3", "--count", "3999");
  }

  @Test
  void jsonNeedsARunThatEnds() {
    assertRefused("goes with --once or --days", "--json");
  }

  private void assertRefused(String reason, String... options) {
    StringWriter said = new StringWriter();
    CommandLine line = Nova.commandLine().setErr(new PrintWriter(said, true));
    List<String> words = new ArrayList<>(List.of("local", "--dir", dir.toString()));
    words.addAll(List.of(options));

    assertThat(line.execute(words.toArray(String[]::new))).isEqualTo(2);
    assertThat(said.toString()).contains(reason);
    assertThat(dir).isEmptyDirectory();
  }
}
