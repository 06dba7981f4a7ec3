package io.nova.console.ask;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.console.ask.AskException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Decides whether a statement of a user runs. DuckDB's own parser reads it. It must be one SELECT
 * over the {@link #TABLES}, without a schema, and without functions that read files or settings.
 */
final class StatementCheck {
  /** The tables that users see. */
  static final Set<String> TABLES =
      Set.of(
          "events",
          "lambda_events",
          "batches",
          "chunks",
          "blocks",
          "snapshots",
          "freshness",
          "rejected",
          "duplicates");

  /** DuckDB's parser uses the native stack, so a text must not nest without a bound. */
  static final int LONGEST_CHARS = 100_000;

  private static final int DEEPEST = 500;

  private static final Set<String> TABLE_FUNCTIONS =
      Set.of("range", "generate_series", "unnest", "json_each", "json_tree", "repeat");

  private static final Set<String> REFUSED_FUNCTIONS =
      Set.of(
          "getenv",
          "current_setting",
          "getvariable",
          "write_log",
          "nextval",
          "currval",
          "read_text",
          "read_blob",
          "query",
          "query_table");

  /** Their names begin like this: they read DuckDB's own catalog, such as pg_get_viewdef. */
  private static final String CATALOG_FUNCTIONS = "pg_get_";

  private static final String WITH = "cte_map";

  private static final ObjectMapper JSON = new ObjectMapper();

  private StatementCheck() {}

  /**
   * The tables that a statement reads, by their names in {@link #TABLES}.
   *
   * @param duck a connection of this thread
   * @throws AskException if the statement is wrong or not allowed
   */
  static Set<String> tables(Connection duck, String sql) throws AskException {
    if (sql.length() > LONGEST_CHARS) {
      throw refused(
          "it has %d characters, expected at most %d".formatted(sql.length(), LONGEST_CHARS));
    }
    if (deepest(sql) > DEEPEST) {
      throw refused("its brackets are nested deeper than %d".formatted(DEEPEST));
    }
    JsonNode parsed = parsed(duck, sql);
    if (parsed.path("error").asBoolean()) {
      throw problem(parsed);
    }
    if (parsed.path("statements").size() != 1) {
      throw refused(
          "found %d statements, expected one SELECT".formatted(parsed.path("statements").size()));
    }
    Set<String> tables = new TreeSet<>();
    check(parsed, Set.of(), tables);
    return tables;
  }

  private static int deepest(String sql) {
    int depth = 0;
    int deepest = 0;
    for (int i = 0; i < sql.length(); i++) {
      switch (sql.charAt(i)) {
        case '(', '[', '{' -> deepest = Math.max(deepest, ++depth);
        case ')', ']', '}' -> depth--;
        default -> {}
      }
    }
    return deepest;
  }

  private static JsonNode parsed(Connection duck, String sql) throws AskException {
    try (PreparedStatement parse = duck.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)")) {
      parse.setString(1, sql);
      try (ResultSet result = parse.executeQuery()) {
        result.next();
        return JSON.readTree(result.getString(1));
      }
    } catch (SQLException | JsonProcessingException e) {
      throw new AskException(Kind.STATEMENT, "The statement cannot be read: " + e.getMessage());
    }
  }

  private static AskException problem(JsonNode parsed) {
    String message = parsed.path("error_message").asText();
    return message.startsWith("Only SELECT")
        ? refused("it is no SELECT, and nothing else is answered here")
        : new AskException(Kind.STATEMENT, message);
  }

  /** DuckDB's names differ in the case of A to Z alone. Java also makes a k of the Kelvin sign. */
  private static String lower(String name) {
    StringBuilder lower = new StringBuilder(name);
    for (int i = 0; i < lower.length(); i++) {
      char letter = lower.charAt(i);
      if (letter >= 'A' && letter <= 'Z') {
        lower.setCharAt(i, (char) (letter + ('a' - 'A')));
      }
    }
    return lower.toString();
  }

  private static AskException refused(String reason) {
    return new AskException(Kind.STATEMENT, "The statement does not run: %s.".formatted(reason));
  }

  /**
   * Checks a part of a statement.
   *
   * @param seen the subqueries of WITH that this part sees: the definition of one sees the earlier
   *     ones, and itself in the recursive part alone
   */
  private static void check(JsonNode node, Set<String> seen, Set<String> tables)
      throws AskException {
    switch (node.path("type").asText()) {
      case "BASE_TABLE" -> checkTable(node, seen, tables);
      case "SHOW_REF" -> checkShown(node, tables);
      case "TABLE_FUNCTION" -> checkTableFunction(node);
      default -> {}
    }
    if (node.path("class").asText().equals("FUNCTION")) {
      checkFunction(node);
    }
    Set<String> inner = new TreeSet<>(seen);
    for (JsonNode cte : node.path(WITH).path("map")) {
      check(cte, inner, tables);
      inner.add(lower(cte.path("key").asText()));
    }
    Set<String> recursive = new TreeSet<>(inner);
    if (node.path("type").asText().equals("RECURSIVE_CTE_NODE")) {
      recursive.add(lower(node.path("cte_name").asText()));
    }
    if (node.isArray()) {
      for (JsonNode child : node) {
        check(child, inner, tables);
      }
    }
    for (Map.Entry<String, JsonNode> child : node.properties()) {
      if (!child.getKey().equals(WITH)) {
        check(child.getValue(), child.getKey().equals("right") ? recursive : inner, tables);
      }
    }
  }

  private static void checkTable(JsonNode node, Set<String> seen, Set<String> tables)
      throws AskException {
    String name = node.path("table_name").asText();
    String lower = lower(name);
    String schema = node.path("catalog_name").asText() + node.path("schema_name").asText();
    if (!schema.isEmpty()) {
      throw refused("found table %s with a schema, expected its name alone".formatted(name));
    }
    if (TABLES.contains(lower) && !seen.contains(lower)) {
      tables.add(lower);
    } else if (!seen.contains(lower) || !lower.matches("[\\p{L}\\p{N}_ -]+")) {
      throw refused("found table %s, expected one of %s".formatted(name, allTables()));
    }
  }

  /** DESCRIBE and SUMMARIZE of a query have the query as a child. */
  private static void checkShown(JsonNode node, Set<String> tables) throws AskException {
    if (node.path("query").isObject()) {
      return;
    }
    String name = node.path("table_name").asText().replace("\"", "");
    if (!TABLES.contains(name)) {
      throw refused("found %s to describe, expected one of %s".formatted(name, allTables()));
    }
    tables.add(name);
  }

  private static String allTables() {
    return TABLES.stream().sorted().collect(Collectors.joining(", "));
  }

  private static void checkTableFunction(JsonNode node) throws AskException {
    String name = node.path("function").path("function_name").asText().toLowerCase(Locale.ROOT);
    if (!TABLE_FUNCTIONS.contains(name)) {
      throw refused(
          "found table function %s, expected one of %s"
              .formatted(
                  name, TABLE_FUNCTIONS.stream().sorted().collect(Collectors.joining(", "))));
    }
  }

  private static void checkFunction(JsonNode node) throws AskException {
    String name = node.path("function_name").asText().toLowerCase(Locale.ROOT);
    if (REFUSED_FUNCTIONS.contains(name) || name.startsWith(CATALOG_FUNCTIONS)) {
      throw refused("function %s reads more than the tables".formatted(name));
    }
  }
}
