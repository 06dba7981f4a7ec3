package io.nova.console.ask.cut;

import io.nova.console.ask.cut.RowStore.RowTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of the view {@code events} of one cut.
 *
 * @param columns the columns of the table
 * @param token the value of the column {@code read_token}
 */
record EventViews(AskColumns columns, String token) {
  /** The column that read_parquet adds. */
  private static final String FILENAME = "filename";

  /**
   * A Parquet file.
   *
   * @param path where DuckDB opens it
   * @param location its location in the table's metadata
   */
  record Parquet(Path path, String location) {}

  /**
   * All rows of some selects. Where a question needs no column, such as a count, DuckDB reads the
   * first column of a UNION. So the first one is a constant.
   */
  String all(List<String> selects) {
    return selects.isEmpty()
        ? columns.nothing()
        : "SELECT * EXCLUDE (nova_row) FROM (\n%s)"
            .formatted(
                selects.stream()
                    .map(select -> "SELECT 1 AS nova_row, * FROM (%s)".formatted(select))
                    .collect(Collectors.joining("\nUNION ALL\n")));
  }

  /**
   * The rows of Parquet files. Their columns are found by field id, so a renamed or added column is
   * read as Iceberg reads it.
   *
   * @param fields by column, its field in these files; no entry for a column that they lack
   * @param constants by column, the value that all rows have in place of the stored one
   */
  String parquet(
      List<Parquet> files, Map<String, NestedField> fields, Map<String, String> constants) {
    ArrayList<String> schema = new ArrayList<>();
    ArrayList<String> added = new ArrayList<>();
    for (NestedField column : columns.stored()) {
      NestedField field = fields.get(column.name());
      @Nullable String constant = constants.get(column.name());
      if (constant != null || field == null) {
        added.add(
            "%s::%s AS %s"
                .formatted(
                    constant == null ? "NULL" : constant,
                    AskColumns.typeOf(column),
                    AskColumns.quoted(column.name())));
      } else {
        schema.add(
            "%d: {name: %s, type: %s, default_value: NULL}"
                .formatted(
                    field.fieldId(),
                    AskColumns.literal(column.name()),
                    AskColumns.literal(AskColumns.typeOf(column))));
      }
    }
    String from =
        "read_parquet([%s], schema = MAP {%s}, filename = true)"
            .formatted(
                files.stream()
                    .map(file -> AskColumns.literal(file.path().toString()))
                    .collect(Collectors.joining(", ")),
                String.join(", ", schema));
    String rows =
        added.isEmpty() ? from : "(SELECT *, %s FROM %s)".formatted(String.join(", ", added), from);
    return "SELECT %s FROM %s".formatted(columns.selectList(source(files), token), rows);
  }

  /** The location of a row's file: a common start and the path, or a list of all. */
  private static String source(List<Parquet> files) {
    Set<String> starts = new TreeSet<>();
    for (Parquet file : files) {
      String path = file.path().toString();
      starts.add(
          file.location().endsWith(path)
              ? file.location().substring(0, file.location().length() - path.length())
              : "?");
    }
    if (starts.size() == 1 && !starts.contains("?")) {
      return "%s || %s".formatted(AskColumns.literal(starts.iterator().next()), FILENAME);
    }
    return files.stream()
        .map(
            file ->
                "WHEN %s THEN %s"
                    .formatted(
                        AskColumns.literal(file.path().toString()),
                        AskColumns.literal(file.location())))
        .collect(Collectors.joining(" ", "CASE " + FILENAME + " ", " END"));
  }

  /**
   * The rows of loaded parts.
   *
   * @param sources by part of the cut, its value of the column {@code source_file}
   * @param load the load of the cut: later rows are left out
   */
  String rows(RowTable table, Map<Integer, String> sources, int load) {
    Set<Integer> parts = new TreeSet<>(table.rowsOfPart().keySet());
    boolean others = parts.retainAll(sources.keySet());
    String ofLoad = "%s <= %d".formatted(RowStore.LOAD, load);
    boolean some = others || table.failedLoad().isPresent();
    String where = some ? ofLoad + " AND " + table.where(parts) : ofLoad;
    return "SELECT %s FROM %s WHERE %s"
        .formatted(columns.selectList(source(parts, sources), token), table.name(), where);
  }

  /**
   * The source of a row, by the number of its part in a list. An IN for each source would be a join
   * for each, also in questions without this column.
   */
  private static String source(Set<Integer> parts, Map<Integer, String> sources) {
    List<String> names = parts.stream().map(sources::get).distinct().sorted().toList();
    if (names.size() == 1) {
      return AskColumns.literal(names.get(0));
    }
    Map<String, Integer> positions = new HashMap<>();
    names.forEach(name -> positions.put(name, positions.size() + 1));
    int first = parts.stream().mapToInt(part -> part).min().orElse(0);
    int last = parts.stream().mapToInt(part -> part).max().orElse(0);
    String ofParts =
        IntStream.rangeClosed(first, last)
            .mapToObj(part -> positions.getOrDefault(sources.getOrDefault(part, ""), 0))
            .map(String::valueOf)
            .collect(Collectors.joining(", ", "'[", "]'::INTEGER[]"));
    return names.stream()
        .map(AskColumns::literal)
        .collect(
            Collectors.joining(
                ", ", "([", "])[(%s)[%s - %d]]".formatted(ofParts, RowStore.PART, first - 1)));
  }
}
