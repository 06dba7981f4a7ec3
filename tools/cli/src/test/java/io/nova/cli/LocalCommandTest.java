package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LocalCommandTest {
  @TempDir private Path dir;

  @Test
  void onceRefusesStandardInputBeforeAnythingStarts() {
    StringWriter said = new StringWriter();
    CommandLine line = Nova.commandLine().setErr(new PrintWriter(said, true));

    assertThat(line.execute("local", "--once", "--events", "-", "--dir", dir.toString()))
        .isEqualTo(2);
    assertThat(said.toString()).contains("cannot come from standard input");
    assertThat(dir).isEmptyDirectory();
  }
}
