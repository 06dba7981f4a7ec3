package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.cluster.ClusterOptions.Extra;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.RunFile;
import io.nova.cli.process.Await;
import io.nova.cli.process.OwnProcess;
import io.nova.judge.Verdict;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A JobManager that is killed while events flow. Nobody submits the job again. */
@Tag("soak")
class HighAvailabilityITCase {
  private static final int MESSAGES = 16_000;

  private final List<Message> day = ProcessCluster.generated(MESSAGES);
  private ProcessCluster nova;

  @Test
  void aKilledJobManagerIsReplacedAndTheJobGoesOnByItself() {
    try (ProcessCluster cluster =
        ProcessCluster.start(
            "high-availability", Distribution.ofThisProject(), Set.of(Extra.HIGH_AVAILABILITY))) {
      nova = cluster;
      nova.submit(List.of("--nova.checkpoint.interval", "2 s"), Optional.empty(), 2);
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(() -> nova.send(day, Pace.perSecond(1_000)));
      nova.awaitDecided(4_000);
      nova.await("a checkpoint", () -> nova.lastCheckpoint().isPresent());
      String job = nova.job();

      kill("jobmanager");
      sending.join();
      nova.awaitAllDecided();

      assertThat(nova.processes().flink().jobs())
          .as("one job, the same as before")
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.id()).isEqualTo(job);
                assertThat(one.state()).isEqualTo("RUNNING");
              });
      assertThat(nova.restores()).as("restored by itself").isPositive();
      assertThat(alive("jobmanager-1")).isPresent();

      long admitted = nova.figures().admitted();
      assertThat(countOfEvents()).isEqualTo(admitted);

      nova.stop(true);
      Verdict verdict = nova.judge();
      assertThat(verdict.examples()).isEmpty();
      assertThat(verdict.holds()).isTrue();
      assertThat(verdict.sent()).isEqualTo(MESSAGES);
    }
  }

  private long countOfEvents() {
    List<JsonNode> rows = nova.ask("SELECT COUNT(*) FROM events");
    return rows.get(0).get(0).asLong();
  }

  private void kill(String name) {
    OwnProcess process = alive(name).orElseThrow();
    process.handle().orElseThrow().destroyForcibly();
    Await.until(name + " is dead", Duration.ofSeconds(10), () -> {}, () -> !process.alive());
  }

  private Optional<OwnProcess> alive(String name) {
    return RunFile.running(nova.processes().options().folder()).alive().stream()
        .filter(process -> process.name().equals(name))
        .findFirst();
  }
}
