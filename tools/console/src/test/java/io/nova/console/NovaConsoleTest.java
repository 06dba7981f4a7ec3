package io.nova.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.Nova;
import io.nova.cli.process.ConsoleFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class NovaConsoleTest {
  @Test
  void guideNamesEveryOption() throws Exception {
    String guide = Files.readString(Path.of("../../docs/guides/console.md"));
    List<String> unnamed =
        new CommandLine(new NovaConsole())
            .getCommandSpec().options().stream()
                .map(OptionSpec::longestName)
                .filter(name -> !List.of("--help", "--version").contains(name))
                .filter(name -> !guide.contains("`" + name + "`"))
                .toList();

    assertThat(unnamed).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"512m, 512", "512MB, 512", "2g, 2048", "1 GiB, 1024"})
  void sizesAreRead(String text, int megabytes) {
    assertThat(FastPath.megabytes(text)).isEqualTo(megabytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "much", "-1g", "1t", "9999999m"})
  void otherSizesAreRefused(String text) {
    assertThatThrownBy(() -> FastPath.megabytes(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a size such as 512MB or 2GB");
  }

  @Test
  void sizeBelowTheLeastIsRefused() {
    assertThatThrownBy(() -> FastPath.megabytes("63m"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("found 63m, expected 64 MB or more");
  }

  @Test
  void launchersFileOfOutputHasNoToken() {
    ConsoleFile file = ConsoleFile.of("http://127.0.0.1:8084", "secret");

    assertThat(NovaConsole.announcement(file, false, true))
        .isEqualTo("Console: http://127.0.0.1:8084");
    assertThat(NovaConsole.announcement(file, true, true)).doesNotContain("secret");
    assertThat(NovaConsole.announcement(file, false, false))
        .isEqualTo("Console: http://127.0.0.1:8084/#token=secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--memory", "--cache"})
  void wrongSizeIsWrongUsage(String option, @TempDir Path folder) {
    StringWriter errors = new StringWriter();
    int code =
        Nova.commandLine(new NovaConsole())
            .setErr(new PrintWriter(errors))
            .execute("--dir", folder.toString(), option, "much");

    assertThat(code).isEqualTo(2);
    assertThat(errors.toString())
        .contains(
            option + ": found much, expected a size such as 512MB or 2GB. No console was started.");
    assertThat(folder.resolve("console.json")).doesNotExist();
  }
}
