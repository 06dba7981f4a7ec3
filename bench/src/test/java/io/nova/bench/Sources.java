package io.nova.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Java sources of the project. */
final class Sources {
  private static final Pattern TEXT_OR_COMMENT =
      Pattern.compile(
          "\"\"\"[\\s\\S]*?\"\"\""
              + "|\"[^\"\\\\\\n]*+(?:\\\\.[^\"\\\\\\n]*+)*+\""
              + "|'(?:[^'\\\\\\n]|\\\\.[^'\\n]*)'"
              + "|/\\*[\\s\\S]*?\\*/"
              + "|//[^\\n]*");

  private Sources() {}

  /** All source files below the project's folder. */
  static List<Path> java(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("/src/"))
          .filter(file -> !root.relativize(file).toString().contains("target/"))
          .toList();
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The code of a source: texts are empty, comments are an opening mark, lines stay. */
  static String code(String source) {
    return TEXT_OR_COMMENT
        .matcher(source)
        .replaceAll(
            match -> {
              String found = match.group();
              String lines = "\n".repeat((int) found.chars().filter(c -> c == '\n').count());
              return (found.startsWith("/") ? "/*" : "''") + lines;
            });
  }
}
