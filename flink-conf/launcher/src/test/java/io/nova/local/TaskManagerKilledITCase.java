package io.nova.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.input.Message;
import io.nova.judge.Verdict;
import io.nova.send.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TaskManagerKilledITCase {
  private static final int MESSAGES = 20_000;
  private static final Pattern SPLIT =
      Pattern.compile("Partition: events-(\\d+), StartingOffset: (\\d+)");

  @Test
  void noEventIsLostOrTwiceWhenATaskManagerIsKilledWhileEventsFlow() throws Exception {
    List<Message> day = TestCluster.generated(MESSAGES);
    try (TestCluster nova = TestCluster.start("killed")) {
      Map<Path, Long> earlier = sizes(logs(nova));
      nova.submit(Optional.empty(), 2, "12 s");
      nova.send(day, Pace.UNPACED);
      nova.awaitAllDecided();
      long before = nova.lastCheckpoint().orElse(0L);
      nova.await("a checkpoint holds them", () -> nova.lastCheckpoint().orElse(0L) > before + 1);
      // The kill comes well before the next checkpoint, and the figures are at most seconds old.

      CompletableFuture<Void> secondCopies =
          CompletableFuture.runAsync(() -> nova.send(day, Pace.perSecond(2_000)));
      nova.awaitDecided(MESSAGES + 4_000);
      long received = nova.figures().received();
      nova.processes().killTaskManager(1);
      nova.processes().startTaskManager();
      nova.await("the job starts again", () -> nova.restarts() >= 1);
      secondCopies.join();
      nova.awaitAllDecided();

      long rewoundTo = offsetsOfTheLastStart(nova, earlier);
      assertThat(rewoundTo).isGreaterThanOrEqualTo(MESSAGES).isLessThan(received);
      assertThat(2L * MESSAGES - received).as("second copies after the fault").isGreaterThan(8_000);
      assertThat(nova.figures().decided()).isEqualTo(2L * MESSAGES);
      nova.stop(true);
      Verdict verdict = nova.judge();
      assertThat(verdict.examples()).isEmpty();
      assertThat(verdict.holds()).isTrue();
      assertThat(verdict.sent()).isEqualTo(2L * MESSAGES);
    }
  }

  /**
   * How many records lie before the places where the partitions were last read from, as the
   * TaskManagers' logs have it; the first start names none.
   */
  private static long offsetsOfTheLastStart(TestCluster nova, Map<Path, Long> earlier)
      throws IOException {
    Map<String, Long> last = new HashMap<>();
    for (Path log : logs(nova)) {
      byte[] all = Files.readAllBytes(log);
      int from = Math.toIntExact(earlier.getOrDefault(log, 0L));
      for (String line : new String(all, from, all.length - from, UTF_8).lines().toList()) {
        var split = SPLIT.matcher(line);
        while (line.contains("Adding split") && split.find()) {
          long offset = Long.parseLong(split.group(2));
          last.merge(split.group(1), offset, Math::max);
        }
      }
    }
    return last.values().stream().mapToLong(Long::longValue).sum();
  }

  private static List<Path> logs(TestCluster nova) throws IOException {
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
