package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.process.CommandException;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.HaltPoint;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.workload.send.Pace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Batches are handed off while processes are killed at the steps of the handoff: the TaskManager of
 * the committer, or the JobManager. The answers are those of a run without kills. CONTRIBUTING.md
 * has the command.
 */
@Tag("soak")
class HandoffKillITCase {
  private static final int MINUTES = 330;
  private static final List<String> OPTIONS =
      MinuteEvents.hoursClosedOnRequest("--nova.batch.grace", "0 s");

  /** What is killed while a step is halted. */
  private enum Kill {
    NOTHING,
    TASK_MANAGER,
    JOB_MANAGER
  }

  /** The points of one batch at which the close, the completion and the removal are halted. */
  private record Plan(Kill kill, List<HaltPoint> close, HaltPoint complete, HaltPoint remove) {
    static Plan before(Kill kill) {
      List<HaltPoint> close =
          kill == Kill.JOB_MANAGER
              ? List.of(HaltPoint.TAG)
              : List.of(HaltPoint.CLOSE, HaltPoint.SEAL, HaltPoint.CLOSING_LINK, HaltPoint.TAG);
      return new Plan(kill, close, HaltPoint.PROPERTY, HaltPoint.DELETE);
    }

    static Plan after(Kill kill) {
      return new Plan(kill, List.of(HaltPoint.ANSWER), HaltPoint.ANSWER, HaltPoint.DELETED);
    }
  }

  private final List<String> answers = new ArrayList<>();
  private ProcessCluster nova;
  private Halts halts;
  private LoadedTags batchLayer;

  @Test
  void everyAnswerIsThatOfARunWithoutKills() throws Exception {
    run("handoff-no-kill", Kill.NOTHING, Kill.NOTHING);
    List<String> expected = List.copyOf(answers);
    assertThat(expected).hasSize(4 * 4 * 2);
    answers.clear();

    run("handoff-kill", Kill.TASK_MANAGER, Kill.JOB_MANAGER);
    assertThat(answers).isEqualTo(expected);
  }

  private void run(String name, Kill... kills) throws Exception {
    try (ProcessCluster cluster = ProcessCluster.start(name)) {
      nova = cluster;
      halts = new Halts(nova);
      nova.submit(OPTIONS, Optional.empty(), 2);
      nova.send(MinuteEvents.of(0, MINUTES), Pace.UNPACED);
      nova.awaitAllDecided();
      batchLayer = new LoadedTags(nova.processes().warehouse());
      assertThat(state("expire()")).as("the topic is known").isEqualTo("expired");

      Instant batch = MinuteEvents.TEN;
      for (Kill kill : kills) {
        handOff(batch, Plan.before(kill));
        handOff(batch.plusSeconds(3600), Plan.after(kill));
        batch = batch.plusSeconds(2 * 3600);
      }
    }
  }

  private void handOff(Instant batch, Plan plan) {
    String name = batch.toString().replace(":00:00Z", ":00Z");
    String close = "close_batch('%s')".formatted(name);
    during(plan.kill, plan.close, close, () -> state(close).equals("closed"));
    answer();
    batchLayer.load(number(batch));
    answer();
    String complete = "complete_batch('%s', '%s')".formatted(name, link(batch));
    during(plan.kill, List.of(plan.complete), complete, () -> state(complete).equals("completed"));
    answer();
    during(plan.kill, List.of(plan.remove), "expire()", () -> isRemoved(batch));
    answer();
  }

  private static long number(Instant batch) {
    return batch.getEpochSecond() / 3600;
  }

  /** Halts a call at one point after the other, and kills a process. It must be done in the end. */
  private void during(Kill kill, List<HaltPoint> points, String call, BooleanSupplier done) {
    if (kill == Kill.NOTHING) {
      nova.await(call, done);
      return;
    }
    points.forEach(halts::ask);
    CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> state(call));
    for (HaltPoint point : points) {
      int taskManager = halts.awaitReached(point);
      System.out.println("%s: %s is killed in %s".formatted(point, kill, call));
      if (kill == Kill.TASK_MANAGER) {
        killTaskManager(taskManager);
        halts.release(point);
      } else {
        killJobManager();
        nova.await(call, done);
        zombieGoesOn(point, taskManager);
      }
    }
    asked.handle((state, failure) -> state).join();
    nova.await(call, done);
  }

  private void killTaskManager(int number) {
    int restores = nova.restores();
    nova.processes().killTaskManager(number);
    nova.processes().startTaskManager();
    nova.await("the job starts again", () -> nova.restores() > restores);
    nova.awaitRunning();
  }

  /** The halted TaskManager stays. Its committer is one of an earlier run then. */
  private void killJobManager() {
    nova.processes().replaceJobManager();
    nova.processes().awaitTaskManagers(2);
    Path checkpoint = nova.processes().options().folder().newestSavepoint().orElseThrow();
    nova.submit(OPTIONS, Optional.of(checkpoint.toString()), 2);
  }

  private record Content(Snapshot head, Map<String, SnapshotRef> refs, HandoffProperties handoff) {}

  private Content content() {
    Table table = EventTable.find(nova.processes().warehouse()).orElseThrow().iceberg();
    return new Content(
        table.currentSnapshot(), table.refs(), HandoffProperties.of(table.properties()));
  }

  private void zombieGoesOn(HaltPoint point, int taskManager) {
    Content before = content();
    long ended = endedCommitters(taskManager);
    halts.release(point);
    nova.await("the zombie ends", () -> endedCommitters(taskManager) > ended);
    assertThat(content()).isEqualTo(before);
  }

  private long endedCommitters(int taskManager) {
    Path log =
        nova.processes()
            .options()
            .folder()
            .logs()
            .resolve("taskmanager-%d.log".formatted(taskManager));
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains("Freeing task resources for committer")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Notes all rows of both tables. */
  private void answer() {
    nova.awaitAllDecided();
    answers.add(rows("events"));
    answers.add(rows("lambda_events"));
  }

  private String rows(String table) {
    return nova
        .ask("SELECT insert_id, device_id, server_upload_time, batch_number FROM " + table)
        .stream()
        .map(JsonNode::toString)
        .sorted()
        .toList()
        .toString();
  }

  private String link(Instant batch) {
    return nova.ask("CALL nova.sys.list_batches()").stream()
        .filter(row -> row.get(0).asText().equals(batch.toString().replace(":00:00Z", ":00Z")))
        .findFirst()
        .orElseThrow()
        .get(3)
        .asText();
  }

  private String state(String call) {
    try {
      return nova.ask("CALL nova.sys." + call).get(0).get(1).asText();
    } catch (CommandException e) {
      return e.getMessage();
    }
  }

  /** A request that was answered before a kill is not repeated by itself. */
  private boolean isRemoved(Instant batch) {
    if (content().handoff().deleted() >= number(batch)) {
      return true;
    }
    state("expire()");
    return false;
  }
}
