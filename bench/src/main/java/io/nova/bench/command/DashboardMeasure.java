package io.nova.bench.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.bench.side.BenchQuery;
import io.nova.bench.side.LiveTraffic;
import io.nova.bench.side.SqlAnswer;
import io.nova.cli.ask.ConsoleClient;
import io.nova.cli.process.CommandException;
import io.nova.cli.sql.SqlSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * The queries of a dashboard by the fast path, over chunks and live rows: first by one tab, then by
 * many tabs beside live traffic.
 *
 * @param console answers the queries
 * @param session of the SQL gateway, whose answers must be the same
 * @param traffic the running job
 */
record DashboardMeasure(
    Report report, ConsoleClient console, SqlSession session, LiveTraffic traffic) {
  private static final String TABLE = "events";
  private static final int ROUNDS = 60;
  private static final long ROUND_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int MOST_ROWS = 100_000;
  private static final long TIMEOUT_MILLIS = 60_000;
  private static final double RATE = 3_000;

  /** The milliseconds of each query by its name. Any thread may add. */
  private static final class Latencies {
    private final Map<String, List<Double>> millis = new ConcurrentHashMap<>();

    void add(String query, double value) {
      List<Double> values = millis.computeIfAbsent(query, first -> new ArrayList<>());
      synchronized (values) {
        values.add(value);
      }
    }

    /** The smallest value that is not exceeded by this part of the values. */
    double quantile(String query, double part) {
      List<Double> values = millis.getOrDefault(query, List.of());
      synchronized (values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty()
            ? Double.NaN
            : sorted.get((int) Math.min(sorted.size() - 1L, (long) (part * sorted.size())));
      }
    }
  }

  /** Compares the answers with Flink SQL's while nothing flows, and measures one tab. */
  void oneTab(List<BenchQuery> queries) {
    for (BenchQuery query : queries) {
      SqlAnswer right = SqlAnswer.of(session, query.of(TABLE));
      ask(query).mustEqual(right, "nova ask", query);
    }
    Latencies latencies = new Latencies();
    tab(queries, latencies, System.nanoTime() + ROUNDS * ROUND_NANOS);
    show("ask", "ask, one tab", queries, latencies);
  }

  /**
   * Measures many tabs beside live traffic, and the lag of the job at start and end. Flink fetches
   * a metric when it is asked, and answers with the value before. So the lag is asked each second.
   */
  void manyTabs(List<BenchQuery> queries, int tabs, Duration time) {
    CompletableFuture<Void> sent = traffic.flow(RATE);
    long before = lagUntil(System.nanoTime() + 5 * ROUND_NANOS).last();
    Latencies latencies = new Latencies();
    long end = System.nanoTime() + time.toNanos();
    List<CompletableFuture<Void>> open =
        IntStream.range(0, tabs)
            .mapToObj(tab -> inThread("tab-" + tab, () -> tab(queries, latencies, end)))
            .toList();
    Lag lag = lagUntil(end);
    open.forEach(CompletableFuture::join);
    traffic.close();
    sent.join();
    show("askLoaded", "ask, %d tabs".formatted(tabs), queries, latencies);
    report.line(
        "lag        %,d messages before the %d tabs, %,d after %d minutes, at most %,d, at %,.0f messages/s",
        before, tabs, lag.last(), time.toMinutes(), lag.most(), RATE);
    report.figure("askTabs", tabs);
    report.figure("askLagBefore", before);
    report.figure("askLagAfter", lag.last());
    report.figure("askLagMost", lag.most());
  }

  /** The last lag of some time, and the greatest. */
  private record Lag(long last, long most) {}

  private Lag lagUntil(long end) {
    Lag lag = new Lag(0, 0);
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(ROUND_NANOS);
      long now = traffic.lag();
      lag = new Lag(now, Math.max(lag.most(), now));
    }
    return lag;
  }

  private static CompletableFuture<Void> inThread(String name, Runnable work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
                done.complete(null);
              } catch (RuntimeException | Error failed) {
                done.completeExceptionally(failed);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  /** Asks all queries each second, or as often as they are answered. */
  private void tab(List<BenchQuery> queries, Latencies latencies, long end) {
    while (System.nanoTime() < end) {
      long next = System.nanoTime() + ROUND_NANOS;
      for (BenchQuery query : queries) {
        latencies.add(query.name(), ask(query).seconds() * 1e3);
      }
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  private SqlAnswer ask(BenchQuery query) {
    List<String> rows = new ArrayList<>();
    long start = System.nanoTime();
    JsonNode answer =
        console.ask(
            new ConsoleClient.Asked(
                UUID.randomUUID().toString(),
                query.ofDuck(TABLE),
                "live",
                "",
                MOST_ROWS,
                TIMEOUT_MILLIS));
    double seconds = (System.nanoTime() - start) / 1e9;
    if (answer.path("truncated").asBoolean() || !answer.path("gaps").isEmpty()) {
      throw new CommandException(
          "nova ask, %s: the answer is not complete: %s. Its time does not count."
              .formatted(query.name(), answer.path("gaps")));
    }
    for (JsonNode row : answer.path("rows")) {
      List<String> fields = new ArrayList<>();
      row.forEach(field -> fields.add(field.asText()));
      rows.add(String.join("|", fields));
    }
    return new SqlAnswer(seconds, rows);
  }

  private void show(String figure, String title, List<BenchQuery> queries, Latencies latencies) {
    report.line("%-24s %8s %8s", title, "median", "p99");
    List<Map<String, Object>> lines = new ArrayList<>();
    for (BenchQuery query : queries) {
      double median = latencies.quantile(query.name(), 0.5);
      double slow = latencies.quantile(query.name(), 0.99);
      report.line("%-24s %6.0fms %6.0fms", query.name(), median, slow);
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("name", query.name());
      line.put("medianMillis", Report.rounded(median));
      line.put("p99Millis", Report.rounded(slow));
      lines.add(line);
    }
    report.figure(figure, lines);
  }
}
