package io.nova.bench.command;

import io.nova.bench.measure.Plot;
import io.nova.bench.side.BenchQuery;
import io.nova.bench.side.SqlAnswer;
import io.nova.cli.sql.SqlSession;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All queries of all sides, in one session.
 *
 * @param session of the SQL gateway, which knows the tables of all sides
 * @param duck knows the table as well
 * @param peer Flink's table over the chunks themselves
 * @param small Flink's table of one row
 */
record QueryComparison(
    Report report, SqlSession session, Statement duck, String peer, String small) {
  /** Nova's table, and DuckDB's. */
  static final String TABLE = "events";

  /** The time between two questions to the gateway. */
  static final long PAUSE_MILLIS = 10;

  private static final String AGGREGATING = TABLE + " /*+ OPTIONS('scan.aggregates' = 'true') */";
  private static final int RUNS = 3;

  /** Runs of one query differ by as much. A ratio is not made of less time beyond the start. */
  private static final double LEAST_SECONDS = 0.05;

  /** The seconds of each side. */
  private record Times(double nova, double aggregating, double peer, double duckDb) {}

  /** The seconds of a query that reads next to nothing. */
  private record Start(double nova, double peer) {}

  void run(Path svg) throws Exception {
    Start start = start();
    report.line(
        "%-24s %7s %7s %7s %7s %7s %7s %13s %7s",
        "seconds", "nova", "nova+", "peer", "duckdb", "ratio", "ratio+", "beyond start", "+");
    List<Map<String, Object>> lines = new ArrayList<>();
    for (BenchQuery query : BenchQuery.all(user())) {
      lines.add(line(query, start));
    }
    report.line("+       with the option scan.aggregates");
    report.figure("queries", lines);
    plot(lines).write(svg);
  }

  private Start start() {
    Start start =
        new Start(
            median(
                "SELECT COUNT(*) FROM %s WHERE server_upload_time < TIMESTAMP '2001-01-01 00:00:00'"
                    .formatted(TABLE)),
            median("SELECT COUNT(*) FROM " + small));
    report.line("start      nova %.2f s, peer %.2f s", start.nova(), start.peer());
    report.figure("startNova", start.nova());
    report.figure("startPeer", start.peer());
    return start;
  }

  private double median(String query) {
    List<Double> seconds = new ArrayList<>();
    for (int run = 0; run <= RUNS; run++) {
      seconds.add(SqlAnswer.of(session, query).seconds());
    }
    return warm(seconds);
  }

  /** The median without the first run. */
  private static double warm(List<Double> seconds) {
    return Medians.of(seconds.subList(1, seconds.size()));
  }

  /** A user with an id, whose events are few. */
  private String user() throws SQLException {
    return SqlAnswer.of(duck, "SELECT min(user_id) FROM " + TABLE).rows().get(0);
  }

  private Map<String, Object> line(BenchQuery query, Start start) throws SQLException {
    return line(query, times(query), start);
  }

  /** The sides take turns, so that a machine that gets slower favors none. */
  private Times times(BenchQuery query) throws SQLException {
    List<Double> nova = new ArrayList<>();
    List<Double> aggregating = new ArrayList<>();
    List<Double> flink = new ArrayList<>();
    List<Double> duckDb = new ArrayList<>();
    for (int run = 0; run <= RUNS; run++) {
      SqlAnswer right = SqlAnswer.of(duck, query.ofDuck(TABLE));
      duckDb.add(right.seconds());
      nova.add(seconds(query, TABLE, "nova", right));
      aggregating.add(seconds(query, AGGREGATING, "nova with scan.aggregates", right));
      flink.add(seconds(query, peer, "peer", right));
    }
    return new Times(warm(nova), warm(aggregating), warm(flink), warm(duckDb));
  }

  private double seconds(BenchQuery query, String table, String side, SqlAnswer right) {
    return SqlAnswer.of(session, query.of(table)).mustEqual(right, side, query).seconds();
  }

  private Map<String, Object> line(BenchQuery query, Times times, Start start) {
    double peerBeyond = beyond(times.peer(), start.peer());
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("name", query.name());
    line.put("sql", query.of(TABLE));
    line.put("nova", Report.rounded(times.nova()));
    line.put("novaAggregates", Report.rounded(times.aggregating()));
    line.put("peer", Report.rounded(times.peer()));
    line.put("duckdb", Report.rounded(times.duckDb()));
    line.put("ratio", Report.rounded(times.peer() / times.nova()));
    line.put("ratioAggregates", Report.rounded(times.peer() / times.aggregating()));
    line.put("ratioBeyondStart", Report.rounded(peerBeyond / beyond(times.nova(), start.nova())));
    line.put(
        "ratioBeyondStartAggregates",
        Report.rounded(peerBeyond / beyond(times.aggregating(), start.nova())));
    line.put("novaBeyondStart", Report.rounded(beyond(times.nova(), start.nova())));
    line.put("peerBeyondStart", Report.rounded(peerBeyond));
    report.line(
        "%-24s %7.2f %7.2f %7.2f %7.3f %7.2f %7.2f %13.1f %7.1f",
        query.name(),
        times.nova(),
        times.aggregating(),
        times.peer(),
        times.duckDb(),
        line.get("ratio"),
        line.get("ratioAggregates"),
        line.get("ratioBeyondStart"),
        line.get("ratioBeyondStartAggregates"));
    return line;
  }

  private static double beyond(double seconds, double start) {
    return Math.max(LEAST_SECONDS, seconds - start);
  }

  private static Plot plot(List<Map<String, Object>> lines) {
    Map<String, List<Double>> bars = new LinkedHashMap<>();
    bars.put("nova", column(lines, "nova"));
    bars.put("nova, scan.aggregates", column(lines, "novaAggregates"));
    bars.put("Flink's filesystem source", column(lines, "peer"));
    bars.put("DuckDB", column(lines, "duckdb"));
    List<String> names = lines.stream().map(line -> (String) line.get("name")).toList();
    return Plot.bars("Queries of the same files", "seconds", names, bars);
  }

  private static List<Double> column(List<Map<String, Object>> lines, String name) {
    return lines.stream().map(line -> (Double) line.get(name)).toList();
  }
}
