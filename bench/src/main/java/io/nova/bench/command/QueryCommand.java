package io.nova.bench.command;

import io.nova.bench.event.BenchEvents;
import io.nova.bench.measure.Duck;
import io.nova.bench.measure.JudgedRows;
import io.nova.bench.measure.Plot;
import io.nova.bench.side.BenchCluster;
import io.nova.bench.side.BenchQuery;
import io.nova.bench.side.NovaIngest;
import io.nova.bench.side.PeerFolder;
import io.nova.bench.side.SqlAnswer;
import io.nova.cli.process.CommandException;
import io.nova.cli.sql.SqlSession;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Queries of Nova's table, of Flink's filesystem source, and of DuckDB, on the same files. */
@Command(
    name = "query",
    description = {
      "Asks seven queries of Nova's table, of Flink's filesystem source and of DuckDB, all on the"
          + " same files. Flink reads copies where it cannot read an encoding of the files.",
      "Each time is the median of three, after one that warms. `beyond start` leaves out the time"
          + " of a query that reads next to nothing. The default takes about 6 minutes on two"
          + " cores."
    },
    mixinStandardHelpOptions = true)
final class QueryCommand implements Callable<Integer> {
  private static final int RUNS = 3;
  private static final long PAUSE_MILLIS = 10;

  /** The least time beyond the start that a ratio is made of: the pause between two questions. */
  private static final double LEAST_SECONDS = PAUSE_MILLIS / 1e3;

  private static final String TABLE = "events";

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BenchOptions bench = new BenchOptions();

  @Option(
      names = "--events",
      paramLabel = "N",
      description =
          "Messages that become the table, a tenth of them copies (default: ${DEFAULT-VALUE}).")
  private long events = 4_000_000;

  @Override
  public Integer call() throws Exception {
    bench.enough("--events", events);
    Report report = new Report(spec.commandLine().getOut());
    BenchEvents sent = BenchEvents.ofADay(events);
    try (BenchCluster cluster = BenchCluster.startForQueries(bench.folder())) {
      List<Path> chunks = table(report, cluster, sent);
      ask(report, cluster, chunks);
      cluster.clear();
    }
    report.line("plot       %s", bench.svg());
    if (bench.json()) {
      report.json();
    }
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

  private void ask(Report report, BenchCluster cluster, List<Path> chunks) throws Exception {
    Path parent = bench.folder().toAbsolutePath().resolve("warehouse/links");
    PeerFolder all = PeerFolder.of("chunks", parent, chunks);
    Path least = chunks.stream().min(Comparator.comparing(file -> file.toFile().length())).get();
    PeerFolder small = PeerFolder.of("small", parent, List.of(least));
    try (SqlSession session = cluster.local().sql().open().pausing(PAUSE_MILLIS);
        Connection connection = Duck.open();
        Statement duck = connection.createStatement()) {
      double first = SqlAnswer.of(session, "SELECT COUNT(*) FROM " + TABLE).seconds();
      report.line("first      %.1f s for the first query of a new gateway, of Nova's table", first);
      report.figure("firstQuerySeconds", first);
      PeerFolder.addJar(session);
      PeerFolder copies = PeerFolder.ofCopies("copies", parent, chunks, duck);
      for (PeerFolder folder : List.of(all, small, copies)) {
        folder.declare(session);
      }
      report.facts("peerSql", List.of(all.statement(), copies.statement()));
      duck.execute("CREATE VIEW %s AS FROM %s".formatted(TABLE, Duck.parquet(chunks)));
      new Comparison(report, session, duck, all.name(), copies.name(), small.name())
          .run(bench.svg());
    }
  }

  /** All queries of all sides, in one session. */
  private record Comparison(
      Report report, SqlSession session, Statement duck, String peer, String copies, String small) {
    void run(Path svg) throws Exception {
      double novaStart =
          median(
              "SELECT COUNT(*) FROM %s WHERE server_upload_time < TIMESTAMP '2001-01-01 00:00:00'"
                  .formatted(TABLE));
      double peerStart = median("SELECT COUNT(*) FROM " + small);
      report.line("start      nova %.2f s, peer %.2f s", novaStart, peerStart);
      report.figure("startNova", novaStart);
      report.figure("startPeer", peerStart);
      List<Map<String, Object>> lines = new ArrayList<>();
      report.line(
          "%-24s %8s %8s %8s %8s %14s",
          "seconds", "nova", "peer", "duckdb", "ratio", "beyond start");
      for (BenchQuery query : BenchQuery.all(user())) {
        lines.add(line(query, novaStart, peerStart));
      }
      report.line(
          "(copy) Flink cannot read an encoding of the chunks; it read copies that DuckDB wrote");
      report.figure("queries", lines);
      plot(lines).write(svg);
    }

    private double median(String query) {
      List<Double> seconds = new ArrayList<>();
      for (int run = 0; run <= RUNS; run++) {
        seconds.add(SqlAnswer.of(session, query).seconds());
      }
      return Medians.of(seconds.subList(1, seconds.size()));
    }

    /** A user with an id, whose events are few. */
    private String user() throws SQLException {
      return SqlAnswer.of(duck, "SELECT min(user_id) FROM " + TABLE).rows().get(0);
    }

    private Map<String, Object> line(BenchQuery query, double novaStart, double peerStart)
        throws SQLException {
      List<Double> nova = new ArrayList<>();
      List<Double> flink = new ArrayList<>();
      List<Double> duckDb = new ArrayList<>();
      String peerTable = readable(query);
      for (int run = 0; run <= RUNS; run++) {
        SqlAnswer right = SqlAnswer.of(duck, query.of(TABLE));
        duckDb.add(right.seconds());
        nova.add(SqlAnswer.of(session, query.of(TABLE)).mustEqual(right, "nova", query).seconds());
        flink.add(
            SqlAnswer.of(session, query.of(peerTable)).mustEqual(right, "peer", query).seconds());
      }
      Times times = new Times(warm(nova), warm(flink), warm(duckDb));
      return line(query, times, peerTable.equals(copies), novaStart, peerStart);
    }

    /** The chunks themselves if Flink can read them, or else their copies. */
    private String readable(BenchQuery query) {
      try {
        SqlAnswer.of(session, query.of(peer));
        return peer;
      } catch (CommandException e) {
        if (PeerFolder.cannotRead(e)) {
          return copies;
        }
        throw e;
      }
    }

    private static double warm(List<Double> seconds) {
      return Medians.of(seconds.subList(1, seconds.size()));
    }

    /** The seconds of each side. */
    private record Times(double nova, double peer, double duckDb) {}

    private Map<String, Object> line(
        BenchQuery query, Times times, boolean copied, double novaStart, double peerStart) {
      double novaBeyond = Math.max(LEAST_SECONDS, times.nova() - novaStart);
      double peerBeyond = Math.max(LEAST_SECONDS, times.peer() - peerStart);
      double ratio = times.peer() / times.nova();
      report.line(
          "%-24s %8.2f %8.2f %8.3f %8.2f %14.2f%s",
          query.name(),
          times.nova(),
          times.peer(),
          times.duckDb(),
          ratio,
          peerBeyond / novaBeyond,
          copied ? "  (copy)" : "");
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("name", query.name());
      line.put("sql", query.of(TABLE));
      line.put("nova", Report.rounded(times.nova()));
      line.put("peer", Report.rounded(times.peer()));
      line.put("duckdb", Report.rounded(times.duckDb()));
      line.put("novaBeyondStart", Report.rounded(novaBeyond));
      line.put("peerBeyondStart", Report.rounded(peerBeyond));
      line.put("ratio", Report.rounded(ratio));
      line.put("ratioBeyondStart", Report.rounded(peerBeyond / novaBeyond));
      line.put("peerReadCopies", copied);
      return line;
    }

    private static Plot plot(List<Map<String, Object>> lines) {
      Map<String, List<Double>> bars = new LinkedHashMap<>();
      for (String side : List.of("nova", "peer", "duckdb")) {
        bars.put(side, lines.stream().map(line -> (Double) line.get(side)).toList());
      }
      List<String> names = lines.stream().map(line -> (String) line.get("name")).toList();
      return Plot.bars("Queries of the same files", "seconds", names, bars);
    }
  }
}
