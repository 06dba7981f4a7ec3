package io.nova.console;

import io.nova.cli.BatchTarget;
import io.nova.cli.Nova;
import io.nova.cli.cluster.Ports;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.ConsoleFile;
import io.nova.cli.process.WorkFolder;
import io.nova.console.ask.AskEngine;
import io.nova.console.ask.CutPins;
import io.nova.console.chart.ChartRoute;
import io.nova.console.server.AskRoute;
import io.nova.console.server.ConsoleServer;
import io.nova.console.server.CutRoute;
import io.nova.console.server.FlinkRoute;
import io.nova.console.server.Routes;
import io.nova.console.view.BatchChanges;
import io.nova.console.view.BatchReports;
import io.nova.console.view.BatchesView;
import io.nova.console.view.Cached;
import io.nova.console.view.CopyRoute;
import io.nova.console.view.DuplicatesRoute;
import io.nova.console.view.LayersView;
import io.nova.console.view.NowView;
import io.nova.console.view.RejectedRoute;
import io.nova.console.view.ReplayRoute;
import io.nova.console.view.WatchedStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The command {@code nova console}: serves the page until it is stopped. It starts and stays
 * whether or not there is a cluster, a job or a table.
 */
@Command(
    name = "nova console",
    description = {
      "Serves the console on 127.0.0.1: the state of the job, its layers, queries and batches.",
      "It prints its address with a token. Whoever has the token can read every event.",
      "It ends with Ctrl-C or `nova stop`."
    },
    footer = {"", "Exit codes: 0 stopped, 1 failed, 2 wrong usage."},
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class NovaConsole implements Callable<Integer> {
  private static final String LOG_FILE = "log.file";
  private static final long CLOSE_SECONDS = 5;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Its port on 127.0.0.1; 0 is a free one (default: ${DEFAULT-VALUE}).")
  private int port = Ports.CONSOLE;

  @Option(
      names = "--allow-changes",
      description = "The page may close, complete and withdraw batches, and replay messages.")
  private boolean allowChanges;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description =
          "Most memory of the fast path, beside 512 MB of heap (default: ${DEFAULT-VALUE}).")
  private String memory = "1GB";

  @Option(
      names = "--cache",
      paramLabel = "SIZE",
      description =
          "Most disk space for copies of files on HDFS and in object stores (default: ${DEFAULT-VALUE}).")
  private String cache = "4GB";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the fast path (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  @Option(
      names = "--flink",
      paramLabel = "URL",
      description = "The JobManager, such as http://127.0.0.1:8081 (default: that of the folder).")
  private @Nullable URI flink;

  @Option(
      names = "--gateway",
      paramLabel = "URL",
      description = "The SQL gateway, such as http://127.0.0.1:8083 (default: that of the folder).")
  private @Nullable URI gateway;

  @Mixin private BatchTarget target = new BatchTarget();

  /** Whether `nova local` runs this process. Then its output is a file. */
  private boolean ofLauncher;

  /** Runs the console. */
  public static void main(String[] arguments) {
    Nova.run(new NovaConsole(), arguments);
  }

  @Override
  public Integer call() throws InterruptedException {
    WorkFolder folder = prepared(folder());
    CountDownLatch closed = new CountDownLatch(1);
    WatchedStore store = new WatchedStore(target, flink, gateway);
    String token = token(folder);
    int megabytes = megabytes("--memory", memory);
    DataLimit.set(DataLimit.bytes(Runtime.getRuntime().maxMemory(), megabytes));
    try (AskEngine engine = fastPath(store, megabytes);
        ConsoleServer server = ConsoleServer.start(port, token, routes(store, engine))) {
      ConsoleFile file = ConsoleFile.of(server.address(), token);
      file.write(folder);
      say(file);
      awaitEnd(() -> file.remove(folder), closed);
    } finally {
      closed.countDown();
    }
    return 0;
  }

  private FastPath fastPath(WatchedStore store, int megabytes) {
    if (threads < 1) {
      throw target.misused(
          "--threads: found %d, expected 1 or more. No console was started.".formatted(threads));
    }
    return new FastPath(
        store,
        store.folder().dir().resolve("console"),
        new FastPath.Limits(megabytes, threads, megabytes("--cache", cache)));
  }

  private int megabytes(String option, String size) {
    try {
      return FastPath.megabytes(size);
    } catch (IllegalArgumentException e) {
      throw target.misused("%s: %s. No console was started.".formatted(option, e.getMessage()));
    }
  }

  /** Nothing is logged before the log is in this folder. */
  private WorkFolder folder() {
    String given = System.getProperty(LOG_FILE, "");
    WorkFolder folder = target.folder();
    ofLauncher = Path.of(given).startsWith(folder.logs());
    System.setProperty(
        LOG_FILE, ofLauncher ? given : folder.logs().resolve("console.log").toString());
    return folder;
  }

  private WorkFolder prepared(WorkFolder folder) {
    Optional<ConsoleFile> running = ConsoleFile.running(folder);
    if (running.isPresent()) {
      throw new CommandException(
          "A console of this folder runs already: %s. No console was started."
              .formatted(ofLauncher ? running.get().address() : running.get().pageAddress()));
    }
    try {
      folder.create();
      Files.createDirectories(folder.logs());
      Files.createDirectories(folder.tmp());
      return folder;
    } catch (IOException e) {
      throw new CommandException(
          "The working folder %s cannot be used: %s. No console was started."
              .formatted(folder.dir(), e),
          e);
    }
  }

  /** A console that was killed left its file: its pages go on with the next one. */
  private static String token(WorkFolder folder) {
    try {
      return ConsoleFile.in(folder).map(ConsoleFile::token).orElseGet(ConsoleServer::newToken);
    } catch (CommandException unreadable) {
      return ConsoleServer.newToken();
    }
  }

  private Routes routes(WatchedStore store, AskEngine engine) {
    InstantSource clock = InstantSource.system();
    Routes routes = new Routes();
    AskRoute ask = new AskRoute(engine);
    routes.add("POST", "/api/ask", ask).add("DELETE", "/api/ask", ask);
    if (engine instanceof CutPins pins) {
      CutRoute cuts = new CutRoute(pins);
      routes.add("POST", "/api/cuts", cuts).add("DELETE", "/api/cuts", cuts);
    }
    FlinkRoute flinkSql = new FlinkRoute(store::gateway);
    routes.add("POST", "/api/flink", flinkSql).add("DELETE", "/api/flink", flinkSql);
    NowView now = new NowView(store, engine, clock);
    routes.add("GET", "/api/now", new Cached(now::collect));
    LayersView layers = new LayersView(store, engine, clock);
    routes.add("GET", "/api/layers", new Cached(layers::collect));
    BatchesView batches = new BatchesView(store, engine, allowChanges);
    Cached cachedBatches = new Cached(batches::collect);
    BatchReports reports = new BatchReports(store);
    routes
        .add("GET", "/api/batches", cachedBatches)
        .add("POST", "/api/batches", new BatchChanges(store, allowChanges, cachedBatches::forget))
        .add("GET", "/api/batches/audit", reports::audit)
        .add("GET", "/api/batches/late", reports::late);
    routes
        .add("POST", "/api/chart", new ChartRoute())
        .add(
            "GET",
            "/api/duplicates",
            new DuplicatesRoute(engine, () -> store.table().rules().blockInterval()))
        .add("GET", "/api/rejected", new RejectedRoute(engine, allowChanges))
        .add("GET", "/api/copy", new CopyRoute(store::brokers, () -> Set.of(store.eventsTopic())))
        .add(
            "POST",
            "/api/replay",
            new ReplayRoute(store::brokers, store::rejectedTopic, allowChanges));
    return routes;
  }

  private void say(ConsoleFile file) {
    System.out.println(announcement(file, target.json(), ofLauncher));
    LoggerFactory.getLogger(NovaConsole.class)
        .info("The console listens at {}, changes allowed: {}", file.address(), allowChanges);
  }

  /**
   * The address with the token. A launcher shows it itself, so that no file of output has the
   * token.
   */
  static String announcement(ConsoleFile file, boolean json, boolean ofLauncher) {
    if (ofLauncher) {
      return "Console: " + file.address();
    }
    return json
        ? "{\"address\":\"%s\",\"token\":\"%s\"}".formatted(file.address(), file.token())
        : "Console: " + file.pageAddress();
  }

  /** Waits until the process is asked to end. The JVM ends after {@code closed}. */
  private static void awaitEnd(Runnable cleanUp, CountDownLatch closed)
      throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    Thread end =
        new Thread(
            () -> {
              cleanUp.run();
              asked.countDown();
              await(closed);
            },
            "nova-console-end");
    Runtime.getRuntime().addShutdownHook(end);
    asked.await();
  }

  private static void await(CountDownLatch closed) {
    try {
      if (!closed.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LoggerFactory.getLogger(NovaConsole.class).warn("The console ends before all is closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
