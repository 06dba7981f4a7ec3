package io.nova.console.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.nova.cli.process.CommandException;
import io.nova.cli.sql.RowPrinter;
import io.nova.cli.sql.SqlGateway;
import io.nova.cli.sql.SqlSession;
import io.nova.cli.sql.SqlStatements;
import io.nova.console.ask.Answer;
import io.nova.console.ask.Question;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions in Flink SQL by the SQL gateway, in the form of {@link AskRoute}. Statements
 * that could change something are refused. Thread-safe.
 */
public final class FlinkRoute implements Route {
  private static final Set<String> READING =
      Set.of("SELECT", "WITH", "VALUES", "SHOW", "DESCRIBE", "DESC", "EXPLAIN");

  /** Each is a Flink job, which takes slots. */
  private static final int AT_ONCE = 4;

  private final Supplier<SqlGateway> gateway;
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(FlinkRoute::daemon);

  /**
   * A route to the gateway.
   *
   * @param gateway the gateway at this moment; it throws {@link CommandException} if none runs
   */
  public FlinkRoute(Supplier<SqlGateway> gateway) {
    this.gateway = gateway;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "nova-flink-timeouts");
    thread.setDaemon(true);
    return thread;
  }

  /** A statement that begins or runs. Closing its session from another thread ends it. */
  private static final class Running {
    private @Nullable SqlSession session;
    private String cancelled = "";

    /** Why the statement was cancelled; empty if it was not. */
    synchronized String cancelled() {
      return cancelled;
    }

    synchronized void opened(SqlSession found) {
      session = found;
    }

    void cancel(String reason) {
      synchronized (this) {
        cancelled = reason;
      }
      close();
    }

    void close() {
      SqlSession found;
      synchronized (this) {
        found = session;
      }
      try {
        if (found != null) {
          found.close();
        }
      } catch (CommandException closedAlready) {
        // The gateway also closes idle sessions by itself.
      }
    }
  }

  @Override
  public Reply handle(Request request) {
    return request.method().equals("DELETE") ? cancel(request) : ask(request);
  }

  private Reply cancel(Request request) {
    String id = request.id();
    Running statement = running.get(id);
    if (statement != null) {
      statement.cancel("The statement was cancelled.");
    }
    return Reply.json(Map.of("cancelled", id));
  }

  private Reply ask(Request request) {
    Question question;
    String statement;
    try {
      question = AskForm.read(request.body());
      statement = statement(question);
    } catch (IllegalArgumentException e) {
      return Reply.error(400, String.valueOf(e.getMessage()));
    }
    if (!free.tryAcquire()) {
      return Reply.error(
          429,
          "%d Flink statements run at this moment, the most at once. Nothing was done. Try again when one has ended."
              .formatted(AT_ONCE));
    }
    try {
      return run(question, statement, PageNumbers.wanted(request));
    } finally {
      free.release();
    }
  }

  private static String statement(Question question) {
    List<String> statements = SqlStatements.split(question.sql());
    if (statements.size() != 1) {
      throw new IllegalArgumentException(
          "sql: found %d statements, expected one. Nothing was done.".formatted(statements.size()));
    }
    String statement = statements.get(0);
    String first = statement.strip().split("[\\s(]+", 2)[0].toUpperCase(Locale.ROOT);
    if (!READING.contains(first)) {
      throw new IllegalArgumentException(
          "sql: found a statement that begins with %s, expected one that reads, such as SELECT. Nothing was done."
              .formatted(first.length() > 40 ? first.substring(0, 40) : first));
    }
    if (!question.live() && !statement.contains("OPTIONS")) {
      throw new IllegalArgumentException(
          "read: Flink SQL takes committed reads as a hint of each table. Write FROM events /*+ OPTIONS('read' = 'committed') */. Nothing was done.");
    }
    return statement;
  }

  private Reply run(Question question, String statement, boolean safeNumbers) {
    Running mine = new Running();
    if (running.putIfAbsent(question.id(), mine) != null) {
      return Reply.error(
          400,
          "A statement with the id %s is running. Choose another id.".formatted(question.id()));
    }
    ScheduledFuture<?> timeout =
        timer.schedule(
            () -> mine.cancel(tooLong(question)),
            question.timeout().toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      return run(mine, statement, new Rows(question.maxRows(), safeNumbers));
    } finally {
      timeout.cancel(false);
      running.remove(question.id());
      mine.close();
    }
  }

  private Reply run(Running mine, String statement, Rows rows) {
    long start = System.nanoTime();
    SqlSession session;
    try {
      session = gateway.get().open();
    } catch (CommandException e) {
      return mine.cancelled().isEmpty()
          ? Reply.error(503, String.valueOf(e.getMessage()))
          : Reply.error(408, mine.cancelled());
    }
    mine.opened(session);
    try {
      if (mine.cancelled().isEmpty()) {
        session.execute(statement, rows);
      }
    } catch (EnoughRows enough) {
      rows.truncated = true;
    } catch (CommandException e) {
      if (mine.cancelled().isEmpty()) {
        return Reply.error(400, String.valueOf(e.getMessage()));
      }
    }
    return mine.cancelled().isEmpty()
        ? Reply.json(object(rows, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)))
        : Reply.error(408, mine.cancelled());
  }

  private static String tooLong(Question question) {
    return "The statement took longer than its timeout of %d ms, and was cancelled."
        .formatted(question.timeout().toMillis());
  }

  private static Map<String, @Nullable Object> object(Rows rows, long millis) {
    LinkedHashMap<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("columns", rows.columns);
    object.put("rows", rows.values);
    object.put("truncated", rows.truncated);
    object.put("bounds", List.of());
    object.put("millis", millis);
    object.put("rowsRead", null);
    object.put("bytesRead", null);
    object.put("readToken", null);
    object.put("gaps", List.of());
    return object;
  }

  /** Ends a statement whose answer has its greatest number of rows or characters. */
  private static final class EnoughRows extends RuntimeException {
    private static final long serialVersionUID = 1;

    EnoughRows() {
      super("enough rows", null, false, false);
    }
  }

  /** The rows of one answer. For one thread. */
  private static final class Rows implements RowPrinter {
    private final int maxRows;
    private final boolean safeNumbers;
    private final List<List<JsonNode>> values = new ArrayList<>();
    private List<Map<String, String>> columns = List.of();
    private long chars;
    private boolean truncated;

    Rows(int maxRows, boolean safeNumbers) {
      this.maxRows = maxRows;
      this.safeNumbers = safeNumbers;
    }

    @Override
    public void columns(List<Column> found) {
      columns = found.stream().map(one -> Map.of("name", one.name(), "type", one.type())).toList();
    }

    @Override
    public void row(JsonNode fields) {
      if (values.size() >= maxRows || chars > Answer.MOST_CHARS) {
        throw new EnoughRows();
      }
      chars += fields.valueStream().mapToLong(Rows::chars).sum();
      values.add(fields.valueStream().map(value -> safeNumbers ? safe(value) : value).toList());
    }

    private static long chars(JsonNode value) {
      if (value.isContainerNode()) {
        return value.toString().length();
      }
      return value.isTextual() ? value.textValue().length() : Long.BYTES;
    }

    private static JsonNode safe(JsonNode value) {
      if (value.isContainerNode()) {
        return TextNode.valueOf(value.toString());
      }
      return value.isNumber() && PageNumbers.safe(value.numberValue()) instanceof String digits
          ? TextNode.valueOf(digits)
          : value;
    }

    @Override
    public void end() {}
  }
}
