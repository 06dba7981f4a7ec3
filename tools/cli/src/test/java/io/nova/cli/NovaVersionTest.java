package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class NovaVersionTest {
  private static final Pattern PARENT =
      Pattern.compile("<artifactId>nova-tools</artifactId>\\s*<version>([^<]+)</version>");

  @Test
  void theCommandLineSaysTheVersionOfItsBuild() throws IOException {
    Matcher parent = PARENT.matcher(Files.readString(Path.of("pom.xml")));

    assertThat(parent.find()).isTrue();
    assertThat(Nova.commandLine().getCommandSpec().version())
        .containsExactly("nova " + parent.group(1));
  }
}
