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
import io.nova.workload.input.Messages;
import io.nova.workload.input.MessagesWithout;
import io.nova.workload.send.Pace;
import io.nova.workload.send.SendReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The job on a running cluster, from the first message to the verdict. For one thread. */
public final class LocalRun {
  private static final long STEP_MILLIS = 500;

  /** So long nothing may happen to what was sent before we say that the job is stuck. */
  private static final Duration STUCK = Duration.ofMinutes(3);

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

  /** Sends all messages, while the figures are shown. */
  public SendReport send(Messages messages, Pace pace) {
    try (Sending sending = Sending.begin(cluster.bootstrapServers(), messages, pace)) {
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

  /** Waits until the job has decided upon all that was sent. */
  public void awaitDecided(long sent) {
    long start = System.nanoTime();
    long lastChange = start;
    long decided = figures.decided();
    while (decided < sent) {
      Await.pause(STEP_MILLIS);
      show(FigureLines.bar("deciding", decided, OptionalLong.of(sent), seconds(start)));
      if (figures.decided() != decided) {
        decided = figures.decided();
        lastChange = System.nanoTime();
      } else if (System.nanoTime() - lastChange > STUCK.toNanos()) {
        throw new CommandException(
            "%,d of %,d messages were decided (%,d received), and nothing has changed for %d minutes. %s"
                .formatted(decided, sent, figures.received(), STUCK.toMinutes(), lastFailure()));
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

  /** Ends the job as if the stream had ended; gives the figures of just before. */
  public JobFigures drain() {
    JobFigures before = figures();
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
    return before;
  }

  /** Has the judge compare. */
  public Verdict judge(Messages messages, SendReport sent, JobOptions options) {
    JudgeRequest request =
        new JudgeRequest(
            cluster.warehouse(),
            sent.failed() == 0 ? messages : new MessagesWithout(messages, sent.failedIndexes()),
            cluster.bootstrapServers(),
            LocalCluster.REJECTED,
            options.mapping(),
            options.dedupWindow(),
            options.blockInterval(),
            options.batchLength(),
            (stage, done, total) -> {});
    long start = System.nanoTime();
    long[] last = new long[1];
    return new Judge()
        .judge(
            request.reportingTo(
                (stage, done, total) -> {
                  if (System.nanoTime() - last[0] > STEP_MILLIS * 1_000_000) {
                    last[0] = System.nanoTime();
                    display.show(
                        List.of(FigureLines.bar("judge: " + stage, done, total, seconds(start))));
                  }
                }));
  }

  /** Shows the figures until {@link StopRequest} or Ctrl-C. */
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
      // A process that has died is the better reason.
      cluster.requireAlive();
      throw e;
    }
  }

  private void stopIfAsked() {
    if (StopRequest.in(cluster.options().folder())) {
      throw new StopRequest.Asked();
    }
  }

  public static double seconds(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
