package io.nova.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The sentences of the project's pages. Code blocks, headings and link targets are no prose. A list
 * item and a table cell are each a text of their own.
 *
 * <p>Needs the JDK alone, so that this prints all sentences of more than 25 words:
 *
 * <pre>java bench/src/test/java/io/nova/bench/Prose.java 25</pre>
 */
final class Prose {
  private static final Pattern LINK = Pattern.compile("!?\\[([^]]*)]\\([^)]*\\)");
  private static final Pattern CODE = Pattern.compile("`[^`]*`");
  private static final Pattern LIST_ITEM = Pattern.compile("\\s*(?:[-*]|\\d+\\.)\\s+(.*)");
  private static final Pattern CELL = Pattern.compile("[^|]+");
  private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?][)\"*_]{0,3})\\s+");
  private static final Pattern WORD = Pattern.compile("\\S*[\\p{L}\\p{N}]\\S*");

  private Prose() {}

  /** A sentence and where the text that holds it begins. */
  record Sentence(Path page, int line, String text) {
    int words() {
      return (int) WORD.matcher(text).results().count();
    }

    @Override
    public String toString() {
      return "%s:%d: (%d words) %s".formatted(page, line, words(), text);
    }
  }

  /** Prints the sentences of more than this many words; 30 if no number is given. */
  public static void main(String[] args) throws IOException {
    int most = args.length == 0 ? 30 : Integer.parseInt(args[0]);
    longer(Path.of(""), most).forEach(System.out::println);
  }

  /** All pages of the project, by their paths below its folder. */
  static List<Path> pages(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("docs"))) {
      return Stream.concat(
              Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
                  .map(root::resolve),
              Stream.concat(Stream.of(root.resolve("bench/README.md")), files.sorted()))
          .filter(file -> file.toString().endsWith(".md") && Files.exists(file))
          .map(root::relativize)
          .toList();
    }
  }

  /** The sentences of all pages that have more than this many words. */
  static List<Sentence> longer(Path root, int most) throws IOException {
    List<Sentence> found = new ArrayList<>();
    for (Path page : pages(root)) {
      for (Sentence sentence : sentences(page, Files.readString(root.resolve(page)))) {
        if (sentence.words() > most) {
          found.add(sentence);
        }
      }
    }
    return found;
  }

  /** The sentences of one page. */
  static List<Sentence> sentences(Path page, String markdown) {
    List<Sentence> sentences = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int begin = 0;
    List<String> lines = proseLines(markdown);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      Matcher item = LIST_ITEM.matcher(line);
      boolean cells = line.startsWith("|");
      if (line.isBlank() || cells || item.matches()) {
        split(page, begin, text, sentences);
      }
      if (cells) {
        int row = i + 1;
        CELL.matcher(line)
            .results()
            .forEach(cell -> split(page, row, new StringBuilder(cell.group()), sentences));
      } else if (!line.isBlank()) {
        begin = text.isEmpty() ? i + 1 : begin;
        text.append(item.matches() ? item.group(1) : line.strip()).append(' ');
      }
    }
    split(page, begin, text, sentences);
    return sentences;
  }

  private static void split(Path page, int line, StringBuilder text, List<Sentence> sentences) {
    SENTENCE_END
        .splitAsStream(plain(text.toString()).strip())
        .filter(sentence -> !sentence.isEmpty())
        .forEach(sentence -> sentences.add(new Sentence(page, line, sentence)));
    text.setLength(0);
  }

  /** Without link targets; code in a sentence counts as one word. */
  private static String plain(String text) {
    String code =
        CODE.matcher(text)
            .replaceAll(c -> Matcher.quoteReplacement(c.group().replaceAll("\\s", "_")));
    return LINK.matcher(code).replaceAll("$1");
  }

  /** The lines of a page; those of code, headings and comments are blank. */
  static List<String> proseLines(String markdown) {
    List<String> lines = new ArrayList<>();
    boolean fenced = false;
    boolean comment = false;
    boolean inText = false;
    for (String line : markdown.lines().toList()) {
      boolean fence = line.strip().startsWith("```");
      comment |= line.startsWith("<!--");
      boolean indented = line.startsWith("    ") && !inText;
      boolean prose = !fenced && !fence && !comment && !indented && !line.startsWith("#");
      lines.add(prose ? line : "");
      comment &= !line.contains("-->");
      fenced ^= fence;
      inText = prose && (!line.isBlank() || (inText && continuesList(lines)));
    }
    return lines;
  }

  /** After a blank line, indented text goes on with the list item above. */
  private static boolean continuesList(List<String> lines) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (!lines.get(i).isBlank()) {
        return LIST_ITEM.matcher(lines.get(i)).matches();
      }
    }
    return false;
  }
}
