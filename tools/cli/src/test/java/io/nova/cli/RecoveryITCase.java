package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.cluster.JobFigures;
import io.nova.judge.Verdict;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A stop in the middle of a block and an older savepoint, at one, two and three subtasks, and a
 * TaskManager killed while events flow. Nothing is lost, and nothing is stored twice.
 */
class RecoveryITCase {
  private static final int MESSAGES = 20_000;
  private static final Pattern SPLIT =
      Pattern.compile("Partition: events-(\\d+), StartingOffset: (\\d+)");

  private final List<Message> day = ProcessCluster.generated(MESSAGES);
  private final List<Message> first = day.subList(0, MESSAGES / 2);
  private final List<Message> second = day.subList(MESSAGES / 2, MESSAGES);
  private ProcessCluster nova;

  @Test
  void savepointsLoseNothingAndRepeatNothing() throws Exception {
    try (ProcessCluster cluster = ProcessCluster.start("recovery")) {
      nova = cluster;
      taskManagersRunAsConfigured();
      resumedFrom(olderSavepoint());
      judged(MESSAGES + first.size());
    }
  }

  @Test
  @Tag("soak")
  void aKilledTaskManagerLosesNothingAndRepeatsNothing() throws Exception {
    try (ProcessCluster cluster = ProcessCluster.start("recovery-kill")) {
      nova = cluster;
      nova.submit(Optional.empty(), 2);
      nova.send(day, Pace.UNPACED);
      nova.awaitAllDecided();
      killedWhileEventsFlow(nova.stop(false));
      judged(2L * MESSAGES);
    }
  }

  private void judged(long sent) {
    nova.stop(true);
    Verdict verdict = nova.judge();
    assertThat(verdict.examples()).isEmpty();
    assertThat(verdict.holds()).isTrue();
    assertThat(verdict.sent()).isEqualTo(sent);
    assertThat(verdict.duplicates()).isGreaterThan(sent - MESSAGES);
  }

  /** The TaskManager's JVM has the arguments of config.yaml, which Flink logs. */
  private void taskManagersRunAsConfigured() throws IOException {
    assertThat(logs(nova))
        .filteredOn(log -> log.toString().endsWith(".log"))
        .hasSize(2)
        .allSatisfy(log -> assertThat(log).content().contains("] -     -XX:G1HeapRegionSize=8m"));
  }

  /**
   * Restores a savepoint from before the second half of the day, which the job has already read.
   */
  private String olderSavepoint() {
    nova.submit(Optional.empty(), 2);
    nova.send(first, Pace.UNPACED);
    nova.awaitAllDecided();
    JobFigures atStop = nova.figures();
    assertThat(atStop.openBlocks()).as("blocks cut in the middle").isPositive();
    String stopped = nova.stop(false);

    nova.submit(Optional.of(stopped), 3);
    assertThat(nova.figures().admitted()).isEqualTo(atStop.admitted());
    nova.send(first, Pace.UNPACED);
    nova.awaitAllDecided();
    assertThat(nova.figures().admitted())
        .as("nothing of the second copies")
        .isEqualTo(atStop.admitted());
    String older = nova.savepoint();

    nova.send(second, Pace.UNPACED);
    nova.awaitAllDecided();
    return older;
  }

  private void resumedFrom(String older) {
    long admitted = nova.figures().admitted();
    nova.stop(false);
    nova.submit(Optional.of(older), 1);
    nova.awaitAllDecided();
    assertThat(nova.figures().admitted()).isEqualTo(admitted);
  }

  /** Sends copies of all messages, which are in time for the restored job. */
  private void killedWhileEventsFlow(String savepoint) throws IOException {
    long sent = MESSAGES;
    Map<Path, Long> earlier = sizes(logs(nova));
    nova.submit(List.of("--nova.checkpoint.interval", "12 s"), Optional.of(savepoint), 2);
    long before = nova.lastCheckpoint().orElse(0L);
    nova.await("a checkpoint", () -> nova.lastCheckpoint().orElse(0L) > before);
    // The kill is well before the next checkpoint; figures are at most seconds old.

    CompletableFuture<Void> secondCopies =
        CompletableFuture.runAsync(() -> nova.send(day, Pace.perSecond(2_000)));
    nova.awaitDecided(sent + 4_000);
    long received = nova.figures().received();
    int restores = nova.restores();
    nova.processes().killTaskManager(1);
    nova.processes().startTaskManager();
    nova.await("the job starts again", () -> nova.restores() > restores);
    secondCopies.join();
    nova.awaitAllDecided();

    long rewoundTo = offsetsOfTheLastStart(nova, earlier);
    assertThat(rewoundTo).isGreaterThanOrEqualTo(sent).isLessThan(received);
    assertThat(sent + MESSAGES - received).as("second copies after the fault").isGreaterThan(8_000);
    assertThat(nova.figures().decided()).isEqualTo(sent + MESSAGES);
  }

  /**
   * The number of records before the offsets at which reading last began, by the TaskManagers'
   * logs. A first start logs no offsets.
   */
  private static long offsetsOfTheLastStart(ProcessCluster nova, Map<Path, Long> earlier)
      throws IOException {
    Map<String, Long> last = new HashMap<>();
    for (Path log : logs(nova)) {
      byte[] all = Files.readAllBytes(log);
      int from = Math.toIntExact(earlier.getOrDefault(log, 0L));
      for (String line : new String(all, from, all.length - from, UTF_8).lines().toList()) {
        Matcher split = SPLIT.matcher(line);
        while (line.contains("Adding split") && split.find()) {
          long offset = Long.parseLong(split.group(2));
          last.merge(split.group(1), offset, Math::max);
        }
      }
    }
    return last.values().stream().mapToLong(Long::longValue).sum();
  }

  private static List<Path> logs(ProcessCluster nova) throws IOException {
    try (Stream<Path> files = Files.list(nova.processes().options().folder().logs())) {
      return files.filter(f -> f.getFileName().toString().startsWith("taskmanager")).toList();
    }
  }

  private static Map<Path, Long> sizes(List<Path> files) throws IOException {
    Map<Path, Long> sizes = new HashMap<>();
    for (Path file : files) {
      sizes.put(file, Files.size(file));
    }
    return sizes;
  }
}
