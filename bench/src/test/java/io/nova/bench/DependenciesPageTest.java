package io.nova.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page about dependencies has the versions of the build. */
class DependenciesPageTest {
  private static final Pattern PROPERTY =
      Pattern.compile("(?m)^    <([a-z.]+\\.version)>([^<]+)</");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z.]+\\.version)` \\| (\\S+) \\|");

  @Test
  void pageHasEveryVersionThatTheBuildNames() throws IOException {
    assertThat(pairs(Path.of("..", "docs", "internals", "dependencies.md"), ROW))
        .isNotEmpty()
        .isEqualTo(pairs(Path.of("..", "pom.xml"), PROPERTY));
  }

  private static Map<String, String> pairs(Path file, Pattern pattern) throws IOException {
    Map<String, String> pairs = new TreeMap<>();
    for (MatchResult found : pattern.matcher(Files.readString(file)).results().toList()) {
      pairs.put(found.group(1), found.group(2));
    }
    return pairs;
  }
}
