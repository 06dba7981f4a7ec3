package io.nova.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.cluster.Ports;
import io.nova.cli.process.Await;
import io.nova.cli.process.WorkFolder;
import io.nova.cli.sql.SqlSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/**
 * A cluster of real processes whose job reads {@link NumberedEvents}, and a console beside it. Both
 * engines can be asked.
 */
final class ConsoleCluster implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private final String name;
  private final LocalCluster cluster;
  private final String job;
  private final ConsoleProcess console;
  private final EventFeed feed;

  private ConsoleCluster(
      String name, LocalCluster cluster, String job, EventFeed feed, ConsoleProcess console) {
    this.name = name;
    this.cluster = cluster;
    this.job = job;
    this.console = console;
    this.feed = feed;
  }

  /**
   * Starts all processes.
   *
   * @param name of the working folder, and the start of each line of output
   * @param duckMb the memory of the fast path, in MiB
   * @param jobOptions the options of the job
   */
  static ConsoleCluster start(String name, int duckMb, List<String> jobOptions) throws Exception {
    ClusterOptions options =
        new ClusterOptions(
            new WorkFolder(Path.of("target", "it", name)),
            Ports.FREE,
            new ClusterOptions.Memory("384m", "800m", "2000m", "384m"),
            2,
            2,
            2);
    LocalCluster cluster =
        LocalCluster.start(
            Distribution.ofThisProject(),
            options,
            true,
            NumberedEvents.PARTITIONS,
            step -> System.out.printf("%s: %s%n", name, step));
    ConsoleCluster started = null;
    try {
      String job = cluster.submit(jobOptions, Optional.empty(), 2);
      cluster.awaitRunning(job);
      EventFeed feed = new EventFeed(cluster.bootstrapServers());
      started =
          new ConsoleCluster(
              name, cluster, job, feed, ConsoleProcess.start(cluster.options().folder(), duckMb));
      return started;
    } finally {
      if (started == null) {
        cluster.close();
      }
    }
  }

  LocalCluster cluster() {
    return cluster;
  }

  ConsoleProcess console() {
    return console;
  }

  EventFeed feed() {
    return feed;
  }

  /** A session of the SQL gateway. The job uses two of four slots, a statement one. */
  SqlSession session() {
    SqlSession session = cluster.sql().open();
    rows(session, "SET 'parallelism.default' = '1'");
    return session;
  }

  /** The rows of Flink SQL's answer, one text each. */
  static List<String> rows(SqlSession session, String statement) {
    List<String> rows = new ArrayList<>();
    session.execute(statement, row -> rows.add(ConsoleProcess.text(row)));
    return rows;
  }

  JobFigures figures() {
    return cluster.flink().figures(job);
  }

  int restores() {
    return cluster.flink().restores(job);
  }

  void awaitRunning() {
    cluster.awaitRunning(job);
  }

  /** Asks again and again until the answer is yes. Fails after three minutes. */
  void await(String what, Callable<Boolean> question) {
    Await.until(
        what,
        TIMEOUT,
        () -> cluster.requireHealthy(job),
        () -> {
          try {
            return question.call();
          } catch (Exception e) {
            throw new IllegalStateException(what, e);
          }
        });
  }

  void awaitAllDecided() {
    feed.flush();
    await("all is decided", () -> figures().decided() >= feed.messages());
  }

  void log(String line) {
    System.out.printf("%s: %s%n", name, line);
  }

  /** The numbers of events, from their ids. Fails where a number comes twice. */
  static Set<Integer> numbers(List<String> ids) {
    Set<Integer> numbers = new HashSet<>();
    for (String id : ids) {
      assertThat(numbers.add(Integer.valueOf(id.substring(1)))).as("twice: %s", id).isTrue();
    }
    return numbers;
  }

  /** The numbers of the first set that the second lacks. */
  static Set<Integer> without(Set<Integer> from, Set<Integer> others) {
    Set<Integer> left = new TreeSet<>(from);
    left.removeAll(others);
    return left;
  }

  static List<String> sorted(List<String> rows) {
    return rows.stream().sorted().toList();
  }

  /** Both engines have these numbered events on a new cut, and no others. */
  void mustHaveNumbered(SqlSession session, Set<Integer> expected) throws Exception {
    awaitAllDecided();
    String numbered = " WHERE insert_id LIKE 'e%'";
    String count = "SELECT count(*) FROM events" + numbered;
    await(
        "a live answer has all",
        () -> console.ask(count).rows().equals(List.of(Integer.toString(expected.size()))));
    String cut = console.pin();
    String rows = EngineQuestion.ROWS.duck() + numbered;
    List<String> found = console.askPinned(cut, rows).rows();
    assertThat(without(expected, numbers(found))).as("missing").isEmpty();
    assertThat(without(numbers(found), expected)).as("extra").isEmpty();
    assertThat(sorted(rows(session, EngineQuestion.ROWS.flink(cut) + numbered)))
        .as("Flink SQL")
        .isEqualTo(sorted(found));
    console.release(cut);
  }

  @Override
  public void close() throws InterruptedException {
    try (cluster;
        console) {
      feed.close();
    }
  }
}
