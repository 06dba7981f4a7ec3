package io.nova.console.view;

import io.nova.cli.BatchTarget;
import io.nova.console.chart.ChartRoute;
import io.nova.console.server.AskRoute;
import io.nova.console.server.ConsoleServer;
import io.nova.console.server.Routes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A console over made-up tables and a made-up job, for tests of its page. */
public final class DemoStore implements AutoCloseable {
  public static final String TOKEN = "demo-token";

  private static final Duration BLOCK = Duration.ofMinutes(5);

  private static final String HOSTILE =
      """
      INSERT INTO events (event_type, "user", user_id, event_properties, upload_time, event_time, app) VALUES
        ('<img src=x onerror="window.hacked=1">', '<script>window.hacked=1</script>', 'u1',
         '{"a":"</td><svg/onload=window.hacked=1>"}', now(), now(), 1),
        ('javascript:window.hacked=1', chr(8238) || 'gnp.exe' || chr(8207), 'u2',
         repeat('<b>long</b>', 6000), now(), now(), 1),
        ('line' || chr(10) || 'break' || chr(7) || chr(27) || '[31m', '"><iframe src=//evil>', 'u3',
         '${window.hacked=1}', now(), now(), 1);
      INSERT INTO rejected VALUES ('not_json', '<img src=x onerror=window.hacked=1>', 'events', 0, 7, 0, now(),
        '<script>window.hacked=1</script>'::BLOB);
      INSERT INTO duplicates VALUES ('<b onmouseover=window.hacked=1>1</b>',
        '{"device_id":"<img src=x onerror=window.hacked=1>","insert_id":"i"}', 'conflicting', now(),
        'events', 0, 9, 0, 1, now())
      """;

  private final FakeFlink flink = new FakeFlink();
  private final DemoEngine engine = new DemoEngine();
  private final ConsoleServer server;

  private DemoStore(int port, Path folder, @Nullable URI address) throws IOException, SQLException {
    WatchedStore store = store(folder, address == null ? flink.address() : address);
    AskRoute ask = new AskRoute(engine);
    this.server =
        ConsoleServer.start(
            port,
            TOKEN,
            new Routes()
                .add("POST", "/api/ask", ask)
                .add("DELETE", "/api/ask", ask)
                .add(
                    "GET",
                    "/api/now",
                    new Cached(new NowView(store, engine, InstantSource.system())::collect))
                .add(
                    "GET",
                    "/api/layers",
                    new Cached(new LayersView(store, engine, InstantSource.system())::collect))
                .add(
                    "GET",
                    "/api/batches",
                    new Cached(new BatchesView(store, engine, true)::collect))
                .add("POST", "/api/batches", new BatchChanges(store, false, () -> {}))
                .add("POST", "/api/chart", new ChartRoute())
                .add("GET", "/api/duplicates", new DuplicatesRoute(engine, () -> BLOCK))
                .add("GET", "/api/rejected", new RejectedRoute(engine, true)));
  }

  @Command(name = "options")
  private static final class Options {
    @Mixin private BatchTarget target = new BatchTarget();
  }

  /** The store of a working folder, with the job of another JobManager. */
  static WatchedStore store(Path folder, @Nullable URI flink) {
    Options options = new Options();
    new CommandLine(options).parseArgs("--dir", folder.toString());
    return new WatchedStore(options.target, flink, null);
  }

  /** A console whose store is empty. */
  public static DemoStore start(int port, Path folder) throws IOException, SQLException {
    return new DemoStore(port, folder, null);
  }

  /** The address with the token. */
  public String page() {
    return server.address() + "/#token=" + TOKEN;
  }

  public DemoEngine engine() {
    return engine;
  }

  public FakeFlink flink() {
    return flink;
  }

  /** Rows with texts that would be scripts if the page were careless. */
  public void addHostileEvents() throws SQLException {
    engine.run(HOSTILE);
  }

  /** Six hours of events: blocks of the last 30 minutes, files before them, chunks before those. */
  public void fill() throws SQLException {
    engine.run(
        "DELETE FROM blocks; DELETE FROM chunks; DELETE FROM batches; DELETE FROM freshness");
    engine.run(
        """
        INSERT INTO blocks SELECT epoch(t)::BIGINT // 86400, s, t,
          CASE WHEN age < 4 THEN 'open' WHEN age < 6 AND s % 3 > 0 THEN 'sealed' ELSE 'block_file' END,
          (900 + 400 * sin(age / 3.0) + 40 * s)::BIGINT, 90000 + 2000 * s, 1, NULL, false
        FROM (SELECT time_bucket(INTERVAL 5 MINUTE, now()) - i * INTERVAL 5 MINUTE AS t, i AS age
              FROM range(18) r(i)), range(16) q(s)
        """);
    engine.run(
        """
        INSERT INTO chunks SELECT 'chunk-' || i || '-' || k || '.parquet', epoch(t)::BIGINT // 86400,
          120000 + 9000 * (i % 5), 8000000, t, t + INTERVAL 24 MINUTE, false
        FROM (SELECT time_bucket(INTERVAL 5 MINUTE, now()) - (90 + 25 * i) * INTERVAL 1 MINUTE AS t, i
              FROM range(16) r(i)), range(3) q(k)
        """);
    engine.run(
        """
        INSERT INTO batches SELECT strftime(t, '%Y-%m-%d'), epoch(t)::BIGINT // 86400, t,
          t + INTERVAL 1 DAY, CASE WHEN i = 0 THEN 'open' WHEN i = 1 THEN 'closed' ELSE 'completed' END,
          4200000 - 3000 * i, 40, 310000000
        FROM (SELECT time_bucket(INTERVAL 1 DAY, now()) - i * INTERVAL 1 DAY AS t, i
              FROM range(3) r(i))
        """);
    engine.run(
        """
        INSERT INTO freshness SELECT s, NULL, now() - INTERVAL 400 MILLISECOND, now(), 900, 90000, 1
        FROM range(128) r(s);
        INSERT INTO freshness SELECT s, s % 4,
          now() - (400 + 900 * (s % 4)) * INTERVAL 1 MILLISECOND, now() - INTERVAL 2 SECOND, NULL, NULL, NULL
        FROM range(128) r(s)
        """);
    engine.run(
        """
        INSERT INTO events (event_type, "user", user_id, event_properties, upload_time, event_time, app) SELECT ['page_view', 'add_to_cart', 'purchase', 'sign_up'][1 + i % 4],
          'user-' || i % 997, 'user-' || i % 997, '{"price": ' || i % 50 || '}',
          now() - i * INTERVAL 2 SECOND, now() - i * INTERVAL 2 SECOND, 1
        FROM range(10000) r(i)
        """);
    figures(1_204_332, 1_100_004);
  }

  /** Sets the counters of the job. */
  public void figures(long received, long admitted) {
    long duplicates = received / 12;
    flink
        .metric("Source__events.nova.numEventsReceived", (double) received)
        .metric("blocks.nova.numEventsAdmitted", (double) admitted)
        .metric("blocks.nova.numDuplicates", (double) duplicates)
        .metric("intake.nova.reason.not_json.numEventsRejected", 312)
        .metric(
            "blocks.nova.reason.too_late.numEventsRejected",
            (double) (received - admitted - duplicates - 312))
        .metric("blocks.nova.openBlocks", 64)
        .metric("blocks.nova.memoryUsedBytes", 71_000_000)
        .metric("blocks.nova.memoryBudgetBytes", 512_000_000)
        .metric("blocks.nova.memoryPressure", 0)
        .metric("blocks.nova.liveServed", 1)
        .metric("blocks.nova.frontierMicros", System.currentTimeMillis() * 1e3 - 5e6)
        .metric("committer.nova.numBlockFilesWritten", 181)
        .metric("committer.nova.numChunksWritten", 48)
        .metric("Source__events.pendingRecords", 210)
        .metric("Source__events.numRecordsIn", (double) received)
        .checkpoint(System.currentTimeMillis() - 6_000, 300);
  }

  /** Runs a demo until it is killed: PORT and FOLDER. */
  public static void main(String[] arguments) throws Exception {
    Locale.setDefault(Locale.US);
    DemoStore demo = start(Integer.parseInt(arguments[0]), Path.of(arguments[1]));
    System.out.println(demo.page());
    if (arguments.length > 2) {
      return;
    }
    demo.fill();
    demo.addHostileEvents();
    for (long received = 1_204_332; ; received += 2_950) {
      demo.figures(received, received - received / 12 - 1_900);
      Thread.sleep(1_000);
    }
  }

  @Override
  public void close() {
    server.close();
    engine.close();
    flink.close();
  }
}
