package io.nova.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The runbook's table of messages agrees with the sources. */
class RunbookTest {
  private static final Path ROOT = Path.of("..");
  private static final Path RUNBOOK = ROOT.resolve("docs/operations/runbook.md");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([^`]+)` \\| `(\\w+)` \\| \\[fix]\\(#[^)]+\\) \\|$");
  private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");

  /** Words of messages that end a start, a job or a command. */
  private static final Pattern STOPS =
      Pattern.compile(
          "The job ends\\.|The job fails and starts over\\.|The job is not started\\.|"
              + "This job fails|restart with that one|restore with that one|"
              + "restore an older checkpoint|Nothing is changed\\.|No catalog was made\\.|"
              + "Nothing was started|Not merged;|Not committed;|Giving up\\.|"
              + "the job restarts\\.|a fault of Nova");

  @Test
  void everyListedMessageIsInItsClass() throws IOException {
    List<Path> sources = sources();
    List<String> unknown = new ArrayList<>();
    for (MatchResult row : rows()) {
      if (!messages(sources, row.group(2)).contains(row.group(1))) {
        unknown.add(row.group());
      }
    }
    assertThat(rows()).isNotEmpty();
    assertThat(unknown).isEmpty();
  }

  @Test
  void everyClassThatStopsAJobIsListed() throws IOException {
    List<String> listed = rows().stream().map(row -> row.group(2)).toList();
    List<String> missing = new ArrayList<>();
    for (Path source : sources()) {
      String name = source.getFileName().toString().replace(".java", "");
      if (STOPS.matcher(joined(source)).find() && !listed.contains(name)) {
        missing.add(name);
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everySectionIsLinkedFromTheIndex() throws IOException {
    String page = Files.readString(RUNBOOK);
    String index = page.substring(0, page.indexOf("\n## "));
    List<String> sections =
        ProseTest.headings(RUNBOOK).stream()
            .filter(heading -> !heading.equals("runbook"))
            .filter(heading -> !heading.equals("messages-that-stop-a-job"))
            .toList();

    assertThat(sections)
        .isNotEmpty()
        .allSatisfy(name -> assertThat(index).contains("](#%s)".formatted(name)));
  }

  private static List<MatchResult> rows() throws IOException {
    return ROW.matcher(Files.readString(RUNBOOK)).results().toList();
  }

  private static List<Path> sources() throws IOException {
    return Sources.java(ROOT).stream()
        .filter(file -> file.toString().contains("/src/main/"))
        .toList();
  }

  private static String messages(List<Path> sources, String name) throws IOException {
    StringBuilder found = new StringBuilder();
    for (Path source : sources) {
      if (source.endsWith(name + ".java")) {
        found.append(joined(source));
      }
    }
    return found.toString();
  }

  /** The source with its concatenated literals as one. */
  private static String joined(Path source) throws IOException {
    return CONCATENATION.matcher(Files.readString(source)).replaceAll("");
  }
}
