package io.nova.cli.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a script into statements. */
public final class SqlStatements {
  /** A comment, a quoted text, the semicolon that ends a statement, or any other character. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<comment>--[^\\n]*|/\\*(?s:.*?)\\*/)"
              + "|(?<quoted>'(?:[^']++|'')*+'|`(?:[^`]++|``)*+`|\"(?:[^\"]++|\"\")*+\")"
              + "|(?<end>;)"
              + "|(?s:.)");

  private SqlStatements() {}

  /** The statements of a script, without comments, semicolons and blanks around them. */
  public static List<String> split(String script) {
    ArrayList<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    Matcher tokens = TOKEN.matcher(script);
    while (tokens.find()) {
      if (tokens.group("end") != null) {
        add(statements, statement);
      } else {
        // A hint looks like a comment, but belongs to the statement.
        boolean comment = tokens.group("comment") != null && !tokens.group().startsWith("/*+");
        statement.append(comment ? " " : tokens.group());
      }
    }
    add(statements, statement);
    return statements;
  }

  private static void add(List<String> statements, StringBuilder statement) {
    String text = statement.toString().strip();
    if (!text.isEmpty()) {
      statements.add(text);
    }
    statement.setLength(0);
  }
}
