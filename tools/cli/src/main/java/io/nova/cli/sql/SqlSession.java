package io.nova.cli.sql;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.process.Await;
import io.nova.cli.process.CommandException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A session of the SQL gateway, which keeps it until {@link #close}. For one thread. */
public final class SqlSession implements AutoCloseable {
  /**
   * The first statements of a session of users: batch mode, UTC, and the catalog. A query that
   * fails is not restarted, because its client could not go on and would not see the reason. A row
   * of 3 MB fits into a batch of the answer; a JobManager keeps two batches of every answer.
   */
  public static final String OPENING =
      """
      SET 'execution.runtime-mode' = 'batch';
      SET 'sql-client.execution.result-mode' = 'tableau';
      SET 'table.local-time-zone' = 'UTC';
      SET 'restart-strategy.type' = 'none';
      SET 'collect-sink.batch-size.max' = '4mb';
      USE CATALOG nova;
      """;

  private static final Duration TIMEOUT = Duration.ofHours(6);
  private static final String FINISHED = "FINISHED";

  private final SqlGateway gateway;
  private final String path;
  private long pauseMillis = 100;

  SqlSession(SqlGateway gateway, String path) {
    this.gateway = gateway;
    this.path = path;
  }

  /** This session after {@link #OPENING}; it is closed if that fails. */
  SqlSession begun() {
    try {
      SqlStatements.split(OPENING).forEach(line -> execute(line, RowPrinter.NOWHERE));
      return this;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Asks the gateway more often than ten times a second, to measure the time of a statement. */
  public SqlSession pausing(long millis) {
    pauseMillis = millis;
    return this;
  }

  /**
   * Runs one statement and passes on its rows, page by page. Instants are in the session's zone,
   * with its offset.
   *
   * @throws CommandException when the statement fails; the message is the gateway's reason
   */
  public void execute(String statement, RowPrinter printer) {
    JsonNode handle = gateway.call("POST", path + "/statements", Map.of("statement", statement));
    String operation = path + "/operations/" + text(handle, "operationHandle");
    try {
      Await.until("The statement ends", TIMEOUT, pauseMillis, () -> {}, () -> begun(operation));
      fetch(operation + "/result/0?rowFormat=JSON", printer);
      requireFinished(operation);
    } finally {
      gateway.call("DELETE", operation + "/close", Map.of());
    }
  }

  private boolean begun(String operation) {
    // The result page of a failed operation has the reason.
    return List.of(FINISHED, "ERROR", "CANCELED", "TIMEOUT", "CLOSED").contains(status(operation));
  }

  private void requireFinished(String operation) {
    String status = status(operation);
    if (!status.equals(FINISHED)) {
      throw new CommandException(
          "The SQL gateway says that the statement is %s, expected %s. Perhaps it has changed nothing."
              .formatted(status, FINISHED));
    }
  }

  private String status(String operation) {
    return text(gateway.call("GET", operation + "/status", Map.of()), "status");
  }

  private void fetch(String firstPage, RowPrinter printer) {
    String next = firstPage;
    boolean first = true;
    UnaryOperator<JsonNode> corrected = UnaryOperator.identity();
    while (!next.isEmpty()) {
      JsonNode page = gateway.call("GET", next, Map.of());
      if (text(page, "resultType").equals("NOT_READY")) {
        Await.pause(pauseMillis);
      } else if (text(page, "resultKind").equals("SUCCESS_WITH_CONTENT")) {
        if (first) {
          printer.columns(columns(page));
          corrected = correction(types(page));
          first = false;
        }
        page.path("results")
            .path("data")
            .valueStream()
            .map(row -> row.path("fields"))
            .map(corrected)
            .forEach(printer::row);
      }
      next = text(page, "nextResultUri");
    }
    if (!first) {
      printer.end();
    }
  }

  private UnaryOperator<JsonNode> correction(List<JsonNode> types) {
    if (types.stream().noneMatch(SessionInstants::in)) {
      return UnaryOperator.identity();
    }
    SessionInstants instants = new SessionInstants(zone());
    return fields -> instants.corrected(fields, types);
  }

  /**
   * The zone as {@code SET 'table.local-time-zone'} has left it; its default is that of the JVM.
   */
  private ZoneId zone() {
    JsonNode properties = gateway.call("GET", path, Map.of()).path("properties");
    String zone = text(properties, "table.local-time-zone");
    return zone.isEmpty() || zone.equals("default") ? ZoneId.systemDefault() : ZoneId.of(zone);
  }

  private static List<JsonNode> types(JsonNode page) {
    return page.path("results")
        .path("columns")
        .valueStream()
        .map(column -> column.path("logicalType"))
        .toList();
  }

  private static List<RowPrinter.Column> columns(JsonNode page) {
    return page.path("results")
        .path("columns")
        .valueStream()
        .map(column -> new RowPrinter.Column(text(column, "name"), type(column)))
        .toList();
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }

  private static String type(JsonNode column) {
    return column.path("logicalType").path("type").asText();
  }

  @Override
  public void close() {
    gateway.call("DELETE", path, Map.of());
  }
}
