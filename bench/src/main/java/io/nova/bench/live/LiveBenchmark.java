package io.nova.bench.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.bench.day.DayMessages;
import io.nova.bench.day.DayRecord;
import io.nova.bench.day.JobProgress;
import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.sql.RowPrinter;
import io.nova.cli.sql.SqlSession;
import io.nova.workload.input.ProgressListener;
import io.nova.workload.send.Pace;
import io.nova.workload.send.Sender;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A benchmark of live views: their freshness at a given event rate, the time of a SQL query at that
 * rate, and the cost of readers for the pipeline.
 *
 * <p>Arguments: events a second and seconds for the freshness; number of events for the cost of
 * readers.
 */
public final class LiveBenchmark {
  private static final int PARALLELISM = 2;
  private static final int QUERIES = 7;
  private static final int READERS = 20;
  private static final String FRESH = "fresh";

  private final LocalCluster cluster;

  private LiveBenchmark(LocalCluster cluster) {
    this.cluster = cluster;
  }

  /** Prints one line per result. */
  public static void main(String[] args) throws Exception {
    try (LocalCluster cluster =
        LocalCluster.start(
            Distribution.ofThisProject(),
            ClusterOptions.in(Path.of("bench", "target", "live")),
            true,
            4,
            System.err::println)) {
      LiveBenchmark benchmark = new LiveBenchmark(cluster);
      benchmark.freshness(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
      benchmark.readers(Long.parseLong(args[2]));
    }
  }

  private void freshness(int perSecond, int seconds) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(FRESH, 4, (short) 1))).all().get();
    }
    String job =
        cluster.submit(List.of("--nova.kafka.topic", FRESH), Optional.empty(), PARALLELISM);
    cluster.awaitRunning(job);
    LiveServers servers = LiveServers.await(cluster.warehouse(), PARALLELISM);
    System.out.println(
        new FreshnessProbe(cluster.bootstrapServers(), FRESH, servers).run(perSecond, seconds));
    System.out.println("SELECT COUNT(*) through the gateway, median: " + queryMillis() + " ms");
    cluster.stop(job, true, () -> {});
  }

  private long queryMillis() {
    long[] millis = new long[QUERIES];
    try (SqlSession session = cluster.sql().open()) {
      for (int i = 0; i < QUERIES; i++) {
        long start = System.nanoTime();
        session.execute("SELECT COUNT(*) FROM events", NOWHERE);
        millis[i] = (System.nanoTime() - start) / 1_000_000;
      }
    }
    return LongStream.of(millis).sorted().toArray()[QUERIES / 2];
  }

  private static final RowPrinter NOWHERE =
      new RowPrinter() {
        @Override
        public void columns(List<Column> columns) {}

        @Override
        public void row(JsonNode fields) {}

        @Override
        public void end() {}
      };

  private void readers(long events) throws Exception {
    DayMessages day = new DayMessages(events, DayRecord.SMALL);
    System.err.println("sending " + day.name());
    new Sender(cluster.bootstrapServers(), LocalCluster.EVENTS)
        .send(day, Pace.UNPACED, ProgressListener.NONE);
    for (int run = 1; run <= 4; run++) {
      System.out.println(
          readAll("run-" + run, day.count().orElseThrow(), run % 2 == 0 ? READERS : 0));
    }
  }

  /** Runs a job over the whole topic into a new warehouse. */
  private String readAll(String name, long messages, int readers) throws Exception {
    String warehouse = cluster.warehouse() + "/" + name;
    String job =
        cluster.submit(List.of("--nova.warehouse", warehouse), Optional.empty(), PARALLELISM);
    cluster.awaitRunning(job);
    String read = "";
    JobProgress progress = new JobProgress(cluster, job, messages);
    if (readers > 0) {
      try (LiveReaders all = new LiveReaders(LiveServers.await(warehouse, PARALLELISM), readers)) {
        progress.awaitDecided();
        read = all.report();
      }
    } else {
      progress.awaitDecided();
    }
    cluster.stop(job, true, () -> {});
    return String.format(
        Locale.ROOT, "%d readers: %,.0f messages/s; %s", readers, progress.intakeRate(), read);
  }
}
