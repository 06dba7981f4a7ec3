package io.nova.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules of CONTRIBUTING.md on how code is written, as far as a tool can hold them. */
class HandwritingTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern INFERRED_TYPE = Pattern.compile("\\bvar\\s+\\w+\\s*[=:,)]");
  private static final Pattern BLANK_AFTER_BRACE =
      Pattern.compile("\\b(?:class|interface|enum|record)\\s+\\w+[^{};]*\\{[ \\t]*\\n[ \\t]*\\n");

  @Test
  void typesAreWrittenOut() throws IOException {
    assertThat(found(INFERRED_TYPE)).isEmpty();
  }

  @Test
  void noBlankLineFollowsTheOpeningBraceOfAType() throws IOException {
    assertThat(found(BLANK_AFTER_BRACE)).isEmpty();
  }

  private static List<String> found(Pattern pattern) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : Sources.java(ROOT)) {
      for (int line : lines(pattern, Sources.text(file))) {
        found.add("%s:%d".formatted(ROOT.relativize(file), line));
      }
    }
    return found;
  }

  private static List<Integer> lines(Pattern pattern, String source) {
    String code = Sources.code(source);
    return pattern
        .matcher(code)
        .results()
        .map(
            match ->
                1 + (int) code.substring(0, match.start()).chars().filter(c -> c == '\n').count())
        .toList();
  }

  @Test
  void rulesFindWhatBreaksThem() {
    String source =
        """
        /** A class {

         */
        class A {
          String text = "for (var x : all)"; // var y = 1;

          void run() {
            for (var x : all) {}
            var y = '"';
            all.forEach((var z) -> {});
          }

          record B(int c)
              implements D {

          }

          enum E {
            /** One. */
            F
          }
        }
        """;

    assertThat(lines(INFERRED_TYPE, source)).hasSize(3);
    assertThat(lines(BLANK_AFTER_BRACE, source)).hasSize(1);
  }
}
