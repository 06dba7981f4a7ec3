package io.nova.cli.run;

import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.cluster.StopRequest;
import io.nova.cli.process.Await;
import io.nova.cli.process.CommandException;
import io.nova.judge.Judge;
import io.nova.judge.JudgeRequest;
import io.nova.judge.Verdict;
import io.nova.judge.record.RecordMapping;
import io.nova.judge.record.SentElements;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import io.nova.workload.input.MessagesWithout;
import io.nova.workload.send.Pace;
import io.nova.workload.send.SendReport;
import io.nova.workload.send.Sender;
import io.nova.workload.topic.Brokers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/** A run of the job on a running cluster, from the first message to the verdict. For one thread. */
public final class LocalRun {
  private static final long STEP_MILLIS = 500;

  /** See {@link JobFigures}. */
  private static final long OLDEST_FIGURES_MILLIS = 2_000;

  /** The job counts as stuck when it has decided on no message for this time. */
  private static final Duration STUCK_TIMEOUT = Duration.ofMinutes(3);

  private final LocalCluster cluster;
  private final String job;
  private final ProgressDisplay display;
  private JobFigures figures;

  public LocalRun(LocalCluster cluster, String job, ProgressDisplay display) {
    this.cluster = cluster;
    this.job = job;
    this.display = display;
    this.figures = cluster.flink().figures(job);
  }

  /** Sends all messages and shows the job's figures meanwhile. */
  public SendReport send(Messages messages, Pace pace) {
    return send(sender(), messages, pace);
  }

  /** As {@link #send}, with records that have the times of the replayed days. */
  SendReport replay(Messages messages, Pace pace) {
    return send(sender().inReplayedTime(), messages, pace);
  }

  private Sender sender() {
    return new Sender(cluster.bootstrapServers(), LocalCluster.EVENTS);
  }

  private SendReport send(Sender sender, Messages messages, Pace pace) {
    try (Sending sending = Sending.begin(sender, messages, pace)) {
      while (!sending.done()) {
        Await.pause(STEP_MILLIS);
        show(sending.bar());
      }
      SendReport report = sending.report();
      sayFailures(report);
      return report;
    }
  }

  private void sayFailures(SendReport report) {
    for (SendReport.Failure failure : report.failures()) {
      display.say(
          "Message %d (%,d bytes) failed: %s"
              .formatted(failure.index() + 1, failure.sizeBytes(), failure.reason()));
    }
    if (report.failed() > 0) {
      display.say("%,d messages failed in all.".formatted(report.failed()));
    }
  }

  /**
   * Waits until the job has decided on all messages that were sent. After the restart of a process
   * it waits for a checkpoint, too: until then the figures may be those of the dead process.
   */
  public void awaitDecided(long sent) {
    awaitCounted(sent);
    while (!settled()) {
      Await.pause(STEP_MILLIS);
      show("a process was started again: waiting for a checkpoint");
      if (settled()) {
        Await.pause(OLDEST_FIGURES_MILLIS);
        show("a process was started again: reading the figures");
        awaitCounted(sent);
      }
    }
  }

  /** Whether the job has completed a checkpoint that began after the last restart of a process. */
  private boolean settled() {
    Optional<Instant> restart = cluster.lastRestart();
    return restart.isEmpty()
        || cluster.flink().lastCheckpointBegun(job).filter(restart.get()::isBefore).isPresent();
  }

  private void awaitCounted(long sent) {
    long start = System.nanoTime();
    long lastChange = start;
    long decided = figures.decided();
    while (decided < sent) {
      Await.pause(STEP_MILLIS);
      show(FigureLines.bar("deciding", decided, OptionalLong.of(sent), seconds(start)));
      if (figures.decided() != decided) {
        decided = figures.decided();
        lastChange = System.nanoTime();
      } else if (System.nanoTime() - lastChange > STUCK_TIMEOUT.toNanos()) {
        throw new CommandException(
            "%,d of %,d messages are decided (%,d received). The job has decided on none for %d minutes. %s"
                .formatted(
                    decided, sent, figures.received(), STUCK_TIMEOUT.toMinutes(), lastFailure()));
      }
    }
  }

  private String lastFailure() {
    return cluster
        .flink()
        .lastFailure(job)
        .map(reason -> "The job's last failure: " + reason)
        .orElse("");
  }

  /**
   * Ends the job as at the end of a stream, and returns the figures of just before. When a process
   * dies meanwhile, the job restores itself and is drained again.
   *
   * @param sent the messages that were sent
   */
  public JobFigures drain(long sent) {
    while (true) {
      awaitDecided(sent);
      Optional<Instant> restart = cluster.lastRestart();
      JobFigures before = figures;
      try {
        stopDrained();
        return before;
      } catch (CommandException e) {
        cluster.requireAlive();
        if (restart.equals(cluster.lastRestart())) {
          throw e;
        }
        display.say("The job was not drained, because a process died. Draining it again.");
      }
    }
  }

  private void stopDrained() {
    long start = System.nanoTime();
    cluster.stop(
        job,
        true,
        () -> {
          stopIfAsked();
          display.show(
              List.of(
                  "sealing every block and merging the rest · %.0f s".formatted(seconds(start))));
        });
  }

  /** Waits, and shows the job's figures meanwhile. */
  void await(String what, Duration timeout, BooleanSupplier answer) {
    Await.until(what, timeout, () -> show("waiting: " + what), answer);
  }

  /** What the job counts of the messages that were sent: their elements, or each message once. */
  public long records(Messages messages, SendReport sent, JobOptions options) {
    RecordMapping mapping = options.mapping();
    if (mapping.each().isEmpty()) {
      return sent.sent();
    }
    SentElements reader = new SentElements(mapping);
    long records = 0;
    try (MessageCursor cursor = onTheTopic(messages, sent).open()) {
      while (cursor.hasNext()) {
        records += reader.of(cursor.next()).size();
      }
    }
    return records;
  }

  private static Messages onTheTopic(Messages messages, SendReport sent) {
    return sent.failed() == 0 ? messages : new MessagesWithout(messages, sent.failedIndexes());
  }

  /** Compares the messages with the table and the rejected topic. */
  public Verdict judge(Messages messages, SendReport sent, JobOptions options) {
    return judge(onTheTopic(messages, sent), options, OptionalLong.empty());
  }

  /**
   * Compares the messages with the table, the rejected topic, and the batch layer.
   *
   * @param handedOff the last batch that was handed off; empty if none was
   */
  Verdict judge(Messages sent, JobOptions options, OptionalLong handedOff) {
    Meter meter = new Meter(display);
    return new Judge()
        .judge(
            new JudgeRequest(
                cluster.warehouse(),
                sent,
                Brokers.at(cluster.bootstrapServers()),
                LocalCluster.REJECTED,
                options.mapping(),
                options.dedupWindow(),
                options.blockInterval(),
                options.batchLength(),
                handedOff,
                (stage, done, total) -> meter.progress("judge: " + stage, done, total)));
  }

  /** Shows the figures until {@code nova stop} or Ctrl-C. */
  public void watch(long sent) {
    String line = "sent %,d · Ctrl-C or `nova stop` ends it".formatted(sent);
    while (true) {
      stopIfAsked();
      cluster.requireAlive();
      if (running()) {
        show(line);
      }
      Await.pause(1000);
    }
  }

  private boolean running() {
    String state = cluster.flink().job(job).map(FlinkRest.Job::state).orElse("gone");
    if (state.equals("FAILED")) {
      cluster.requireHealthy(job);
    }
    return !List.of("FINISHED", "CANCELED", "gone").contains(state);
  }

  private void show(String first) {
    stopIfAsked();
    cluster.requireHealthy(job);
    figures = figures();
    ArrayList<String> lines = new ArrayList<>(List.of(first));
    lines.addAll(FigureLines.of(figures));
    display.show(lines);
  }

  private JobFigures figures() {
    try {
      return cluster.flink().figures(job);
    } catch (CommandException e) {
      // When a process has died, its log says more than the failed request.
      cluster.requireAlive();
      throw e;
    }
  }

  private void stopIfAsked() {
    if (StopRequest.in(cluster.options().folder())) {
      throw new StopRequest.Asked();
    }
  }

  /** Seconds since a {@link System#nanoTime}. */
  public static double seconds(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
