package io.nova.bench.command;

import io.nova.bench.event.BenchEvents;
import io.nova.bench.measure.Duck;
import io.nova.bench.measure.JudgedRows;
import io.nova.bench.side.BenchCluster;
import io.nova.bench.side.BenchQuery;
import io.nova.bench.side.LiveTraffic;
import io.nova.bench.side.NovaIngest;
import io.nova.bench.side.PeerFolder;
import io.nova.bench.side.SqlAnswer;
import io.nova.cli.ask.ConsoleClient;
import io.nova.cli.sql.SqlSession;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Queries of Nova's table, of Flink's filesystem source, and of DuckDB, on the same files. Then the
 * fast path, on these files and live rows.
 */
@Command(
    name = "query",
    description = {
      "Asks seven queries of Nova's table, of Flink's filesystem source and of DuckDB, all on the"
          + " same files.",
      "Each time is the median of three, after one that warms. `beyond start` leaves out the time"
          + " of a query that reads next to nothing. The default takes about 6 minutes on two"
          + " cores.",
      "Then the job runs again with live rows, and `nova ask` answers the six queries of a"
          + " dashboard each second."
    },
    mixinStandardHelpOptions = true)
final class QueryCommand implements Callable<Integer> {
  private static final String TABLE = QueryComparison.TABLE;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BenchOptions bench = new BenchOptions();

  @Option(
      names = "--events",
      paramLabel = "N",
      description =
          "Messages that become the table, a tenth of them copies (default: ${DEFAULT-VALUE}).")
  private long events = 4_000_000;

  @Option(
      names = "--live",
      paramLabel = "N",
      description =
          "Live messages for the queries of a dashboard by `nova ask` (default: ${DEFAULT-VALUE}).")
  private long live = 1_111_000;

  @Option(
      names = "--tabs",
      paramLabel = "N",
      description =
          "Tabs that ask the console beside live traffic of 3,000 messages/s (default:"
              + " ${DEFAULT-VALUE}).")
  private int tabs = 20;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "Minutes of these tabs; 0 leaves them out (default: ${DEFAULT-VALUE}).")
  private int minutes;

  @Override
  public Integer call() throws Exception {
    bench.enough("--events", events);
    bench.enough("--live", live);
    Report report = new Report(spec.commandLine().getOut());
    BenchEvents sent = BenchEvents.ofADay(events);
    try (BenchCluster cluster = BenchCluster.startForQueries(bench.folder())) {
      List<Path> chunks = table(report, cluster, sent);
      ask(report, cluster, chunks);
      dashboard(report, cluster, sent);
      cluster.clear();
    }
    report.end(bench.svg(), bench.json());
    return 0;
  }

  /** Fills Nova's table and judges it. */
  private static List<Path> table(Report report, BenchCluster cluster, BenchEvents sent)
      throws Exception {
    cluster.send(sent);
    List<Path> chunks = NovaIngest.intoTheCatalog(cluster, List.of()).run(sent.messages()).files();
    JudgedRows.require("nova", chunks, sent);
    report.line(
        "rows       %,d in %d chunks; the job was drained, so all rows are on disk and none is live",
        sent.events(), chunks.size());
    report.figure("events", sent.messages());
    report.figure("rows", sent.events());
    report.figure("chunks", chunks.size());
    return chunks;
  }

  /** The job runs again, so that there are live rows beside the chunks. */
  private void dashboard(Report report, BenchCluster cluster, BenchEvents sent) {
    ConsoleClient console = new ConsoleClient(cluster.console());
    NovaIngest nova = NovaIngest.intoTheCatalog(cluster, List.of());
    try (LiveTraffic traffic = LiveTraffic.start(cluster, nova, sent);
        SqlSession session = cluster.local().sql().open()) {
      traffic.load(live);
      String user = SqlAnswer.of(session, "SELECT MIN(user_id) FROM " + TABLE).rows().get(0);
      List<BenchQuery> queries = BenchQuery.dashboard(user);
      DashboardMeasure measure = new DashboardMeasure(report, console, session, traffic);
      measure.oneTab(queries);
      if (minutes > 0) {
        measure.manyTabs(queries, tabs, Duration.ofMinutes(minutes));
      }
    }
  }

  private void ask(Report report, BenchCluster cluster, List<Path> chunks) throws Exception {
    Path parent = bench.folder().toAbsolutePath().resolve("warehouse/links");
    PeerFolder all = PeerFolder.of("chunks", parent, chunks);
    try (SqlSession session = cluster.local().sql().open().pausing(QueryComparison.PAUSE_MILLIS);
        Connection connection = Duck.open();
        Statement duck = connection.createStatement()) {
      double first = SqlAnswer.of(session, "SELECT COUNT(*) FROM " + TABLE).seconds();
      report.line("first      %.1f s for the first query of a new gateway, of Nova's table", first);
      report.figure("firstQuerySeconds", first);
      PeerFolder.addJar(session);
      PeerFolder small = PeerFolder.ofOneRow("one_row", parent, chunks, duck);
      all.declare(session);
      small.declare(session);
      report.fact("peerSql", all.statement());
      duck.execute("CREATE VIEW %s AS FROM %s".formatted(TABLE, Duck.parquet(chunks)));
      new QueryComparison(report, session, duck, all.name(), small.name()).run(bench.svg());
    }
  }
}
