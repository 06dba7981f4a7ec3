package io.nova.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pages have short sentences, cite no private text, and link to what is there. */
class ProseTest {
  private static final Pattern GOLDEN_FILE =
      Pattern.compile("[a-z-]+-v\\d+[a-z-]*\\.(?:bin|json|avro|parquet)");
  private static final Path ROOT = Path.of("..");
  private static final int MOST_WORDS = 30;
  private static final int MOST_LONG_SENTENCES = 10;

  private static final Pattern PRIVATE =
      Pattern.compile("(?i)\\bpart \\d|\\bthe design\\b|DESIGN\\.md|\\brule \\d|\\bshared/");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
  private static final Pattern PAGE = Pattern.compile("\\bdocs/[\\w/-]+\\.md");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  /** A row after an empty line, without the line of dashes that makes it the head of a table. */
  private static final Pattern ROW_OF_NO_TABLE =
      Pattern.compile("(?m)^\\n(\\|.*)\\n(?!\\|[ :|-]+$)");

  private static final Pattern NAMED_TEST =
      Pattern.compile("`(\\w+(?:Test|ITCase))(?:\\.(\\w+))?`");

  @Test
  void fewSentencesAreLong() throws IOException {
    List<Prose.Sentence> found = Prose.longer(ROOT, MOST_WORDS);
    String list = found.stream().map(Object::toString).collect(Collectors.joining("\n"));
    assertThat(found.size())
        .as("sentences of more than %d words:%n%s%n", MOST_WORDS, list)
        .isLessThanOrEqualTo(MOST_LONG_SENTENCES);
  }

  @Test
  void noPageAndNoSourceCitesAPrivateText() throws IOException {
    List<Path> files = new ArrayList<>(Sources.java(ROOT));
    Prose.pages(ROOT).forEach(page -> files.add(ROOT.resolve(page)));
    files.removeIf(file -> file.endsWith("ProseTest.java"));
    assertThat(privateTexts(files)).isEmpty();
  }

  @Test
  void relativeLinksLeadSomewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path page : Prose.pages(ROOT)) {
      LINK.matcher(prose(page))
          .results()
          .filter(link -> !link.group(1).contains(":"))
          .filter(link -> !leadsSomewhere(ROOT.resolve(page), link.group(1), link.group(2)))
          .forEach(link -> dead.add("%s: %s".formatted(page, link.group())));
    }
    assertThat(dead).isEmpty();
  }

  private static boolean leadsSomewhere(Path page, String path, String heading) {
    Path target = path.isEmpty() ? page : page.resolveSibling(path).normalize();
    return Files.exists(target) && (heading == null || headings(target).contains(heading));
  }

  @Test
  void noEmptyLineCutsATable() throws IOException {
    List<String> cut = new ArrayList<>();
    for (Path page : Prose.pages(ROOT)) {
      ROW_OF_NO_TABLE
          .matcher(Files.readString(ROOT.resolve(page)))
          .results()
          .forEach(row -> cut.add("%s: %s".formatted(page, row.group(1))));
    }
    assertThat(cut).isEmpty();
  }

  @Test
  void pagesThatASourceNamesExist() throws IOException {
    List<String> unknown = new ArrayList<>();
    for (Path file : Sources.java(ROOT)) {
      PAGE.matcher(Sources.text(file))
          .results()
          .filter(page -> !Files.exists(ROOT.resolve(page.group())))
          .forEach(page -> unknown.add("%s: %s".formatted(ROOT.relativize(file), page.group())));
    }
    assertThat(unknown).isEmpty();
  }

  /** The headings of a page as links name them. */
  static List<String> headings(Path page) {
    return HEADING
        .matcher(Sources.text(page))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").strip().replace(' ', '-'))
        .toList();
  }

  @Test
  void testsThatAPageNamesExist() throws IOException {
    Map<String, String> tests = testSources();
    List<String> unknown = new ArrayList<>();
    for (Path page : Prose.pages(ROOT)) {
      NAMED_TEST
          .matcher(prose(page))
          .results()
          .filter(name -> !isThere(name, tests))
          .forEach(name -> unknown.add("%s: %s".formatted(page, name.group())));
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void formatsPageNamesEveryGoldenFileAndNoOther() throws IOException {
    Path golden = ROOT.resolve("connectors/src/test/resources/formats");
    Set<String> named =
        GOLDEN_FILE
            .matcher(Sources.text(ROOT.resolve("docs/reference/formats.md")))
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(golden)) {
      assertThat(named)
          .containsExactlyInAnyOrderElementsOf(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> !name.startsWith("."))
                  .toList());
    }
  }

  private static boolean isThere(MatchResult name, Map<String, String> tests) {
    String source = tests.get(name.group(1));
    return source != null
        && (name.group(2) == null || source.contains(" %s(".formatted(name.group(2))));
  }

  private static Map<String, String> testSources() throws IOException {
    return Sources.java(ROOT).stream()
        .filter(file -> file.toString().matches(".*(Test|ITCase)\\.java"))
        .collect(
            Collectors.toMap(
                file -> file.getFileName().toString().replace(".java", ""), Sources::text));
  }

  private static List<String> privateTexts(List<Path> files) {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      PRIVATE
          .matcher(Sources.text(file))
          .results()
          .forEach(match -> found.add("%s: %s".formatted(ROOT.relativize(file), match.group())));
    }
    return found;
  }

  private static String prose(Path page) throws IOException {
    return String.join("\n", Prose.proseLines(Files.readString(ROOT.resolve(page))));
  }

  @Test
  void sentencesAreCountedAsPeopleReadThem() {
    String page =
        """
        # A heading of words that nobody counts

        One sentence with `some code` in it. Another one,
        over two lines!

            code that is no sentence at all

        - An item.
          It goes on.

        | a cell | another [cell](with/a/target) |
        """;

    assertThat(Prose.sentences(Path.of("p"), page))
        .extracting(sentence -> "%d %d".formatted(sentence.line(), sentence.words()))
        .containsExactly("3 6", "3 5", "8 2", "8 3", "11 2", "11 2");
  }
}
