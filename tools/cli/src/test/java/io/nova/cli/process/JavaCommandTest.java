package io.nova.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaCommandTest {
  @TempDir private Path dir;

  @Test
  void childrenHaveOneLanguageAndUtf8() {
    ProcessBuilder builder =
        new JavaCommand("child", "lib", List.of(), "Main", List.of())
            .builder(new WorkFolder(dir), dir.resolve("log4j.properties"));

    assertThat(builder.environment()).containsEntry("LC_ALL", "C.UTF-8");
    assertThat(builder.command())
        .contains("-Duser.language=en", "-Duser.country=US", "-Dfile.encoding=UTF-8");
  }
}
