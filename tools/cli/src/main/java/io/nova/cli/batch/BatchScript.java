package io.nova.cli.batch;

import io.nova.cli.process.CommandException;
import io.nova.cli.sql.RowPrinter;
import io.nova.cli.sql.SqlSession;
import io.nova.cli.sql.SqlStatements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The statements of {@code sql/scripts/batch-day.sql} for one batch: one INSERT, and others before
 * and after it.
 *
 * @param before settings, catalog and tables
 * @param insert the statement that replaces the batch
 * @param after the statements that clean up
 */
record BatchScript(List<String> before, String insert, List<String> after) {
  private static final Pattern NAME = Pattern.compile("\\{([a-z]+)}");

  BatchScript {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /**
   * Reads a script.
   *
   * @param values by name, what takes the place of {@code {name}}
   * @throws CommandException if it cannot be read, has another name in braces, or has not one
   *     INSERT
   */
  static BatchScript read(Path file, Map<String, String> values) {
    try {
      return of(file, SqlStatements.split(Files.readString(file)), values);
    } catch (IOException e) {
      throw new CommandException(
          "Script %s cannot be read: %s. Nothing was done.".formatted(file, e), e);
    }
  }

  private static BatchScript of(Path file, List<String> statements, Map<String, String> values) {
    List<String> filled = statements.stream().map(one -> filled(file, one, values)).toList();
    List<String> inserts = filled.stream().filter(BatchScript::isInsert).toList();
    if (inserts.size() != 1) {
      throw new CommandException(
          "Script %s: found %d statements that begin with INSERT, expected one. Nothing was done."
              .formatted(file, inserts.size()));
    }
    int at = filled.indexOf(inserts.get(0));
    return new BatchScript(
        filled.subList(0, at), inserts.get(0), filled.subList(at + 1, filled.size()));
  }

  private static boolean isInsert(String statement) {
    return statement.startsWith("INSERT");
  }

  private static String filled(Path file, String statement, Map<String, String> values) {
    return NAME.matcher(statement)
        .replaceAll(name -> Matcher.quoteReplacement(value(file, name.group(1), values)));
  }

  private static String value(Path file, String name, Map<String, String> values) {
    String value = values.get(name);
    if (value == null) {
      throw new CommandException(
          "Script %s: found {%s}, expected one of %s. Nothing was done."
              .formatted(file, name, values.keySet().stream().sorted().toList()));
    }
    return value;
  }

  /** Runs statements, one after the other. */
  static void run(SqlSession session, List<String> statements) {
    statements.forEach(statement -> session.execute(statement, RowPrinter.NOWHERE));
  }
}
