package io.nova.console.view;

import io.nova.cli.cluster.FlinkRest.Checkpoint;
import io.nova.cli.cluster.JobFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoublePredicate;

/**
 * The alarms of a running job, by the limits of the alert rules for Prometheus. Prometheus also
 * waits until a state has lasted; the console shows it at once. Rates are those since the oldest
 * picture of the last 15 minutes. For one thread.
 */
final class Alarms {
  static final String GONE = "the-job-restarts-again-and-again";

  private static final Duration HISTORY = Duration.ofMinutes(15);
  private static final Duration STEP = Duration.ofSeconds(10);
  private static final Duration RATES_NEED = Duration.ofMinutes(5);
  private static final Duration FRONTIER_NEEDS = Duration.ofMinutes(14);
  private static final int MANY_RESTARTS = 2;
  private static final double MANY_REJECTED = 0.05;
  private static final long COMMIT_SECONDS = 900;
  private static final long COMPLETE_SECONDS = 172_800;
  private static final int FEW_DAYS = 3;
  private static final Duration OLD_CHECKPOINT = Duration.ofMinutes(10);

  private final ArrayDeque<JobPicture> history = new ArrayDeque<>();

  /** The alarms of this picture, which becomes part of the history. */
  List<Alarm> of(JobPicture now) {
    JobPicture before = remember(now);
    ArrayList<Alarm> alarms = new ArrayList<>();
    fromCheckpoint(now, alarms);
    GAUGES.forEach(rule -> rule.alarm(now).ifPresent(alarms::add));
    fromHistory(before, now, alarms);
    return alarms;
  }

  /** Forgets what was, since the job is another one or does not run. */
  void forget() {
    history.clear();
  }

  private JobPicture remember(JobPicture now) {
    if (!history.isEmpty() && !history.peekLast().job().id().equals(now.job().id())) {
      history.clear();
    }
    Instant oldest = now.at().minus(HISTORY);
    while (history.size() > 1 && history.peekFirst().at().isBefore(oldest)) {
      history.removeFirst();
    }
    if (history.isEmpty() || !now.at().isBefore(history.peekLast().at().plus(STEP))) {
      history.addLast(now);
    }
    return history.peekFirst();
  }

  private static void fromCheckpoint(JobPicture now, List<Alarm> alarms) {
    Optional<Instant> end = now.checkpoint().map(Alarms::end);
    if (end.filter(it -> it.isBefore(now.at().minus(OLD_CHECKPOINT))).isPresent()) {
      alarms.add(
          new Alarm(
              "NovaCheckpointIsOld",
              "The last completed checkpoint is older than 10 minutes, so nothing is committed.",
              "checkpoints-fail-or-take-long"));
    }
  }

  static Instant end(Checkpoint checkpoint) {
    return checkpoint.begun().plus(checkpoint.duration());
  }

  /** In the text, %.0f is the value of the gauge. */
  private record GaugeRule(
      String alarm, String gauge, DoublePredicate wrong, String text, String section) {
    Optional<Alarm> alarm(JobPicture now) {
      OptionalDouble value =
          gauge.equals("liveServed") || gauge.equals("diskDaysLeft")
              ? now.metrics().least(gauge)
              : now.metrics().greatest(gauge);
      return value.isPresent() && wrong.test(value.getAsDouble())
          ? Optional.of(new Alarm(alarm, text.formatted(value.getAsDouble()), section))
          : Optional.empty();
    }
  }

  private static final List<GaugeRule> GAUGES =
      List.of(
          new GaugeRule(
              "NovaNothingIsCommitted",
              "notCommittedSeconds",
              value -> value > COMMIT_SECONDS,
              "A file waits for its commit for %.0f seconds.",
              "files-wait-for-their-commit"),
          new GaugeRule(
              "NovaPartitionHoldsBackTheRest",
              "fingerprintsHeldByPartition",
              value -> value >= 0,
              "Partition %.0f lags by more than the lateness limit, so the state grows.",
              "the-state-keeps-growing"),
          new GaugeRule(
              "NovaMemoryIsShort",
              "memoryPressure",
              value -> value > 0,
              "Memory pressure is at stage %.0f of 3.",
              "memory-is-short"),
          new GaugeRule(
              "NovaLiveViewIsNotServed",
              "liveServed",
              value -> value == 0,
              "A subtask does not serve its live view, so strict live queries fail.",
              "a-live-view-is-not-served"),
          new GaugeRule(
              "NovaPolicyIsRefused",
              "deserializer.policyRefused",
              value -> value > 0,
              "The policy file is broken or missing, so the last good version stays in force.",
              "the-policy-file-has-no-effect"),
          new GaugeRule(
              "NovaRegistryIsAway",
              "deserializer.registryAway",
              value -> value > 0,
              "The schema registry does not answer, so the source waits.",
              "the-schema-registry-is-away"),
          new GaugeRule(
              "NovaBatchDoesNotClose",
              "closeHeldByPartition",
              value -> value >= 0,
              "Partition %.0f holds the close of a batch.",
              "a-batch-does-not-close"),
          new GaugeRule(
              "NovaBatchIsNotCompleted",
              "closedNotCompletedSeconds",
              value -> value > COMPLETE_SECONDS,
              "A closed batch waits for the batch layer for more than two days.",
              "a-closed-batch-is-not-completed"),
          new GaugeRule(
              "NovaDiskGetsFull",
              "diskDaysLeft",
              value -> value >= 0 && value < FEW_DAYS,
              "The disk of the table lasts for %.0f more days.",
              "the-disk-of-the-table-lasts-for-few-days"));

  private static void fromHistory(JobPicture before, JobPicture now, List<Alarm> alarms) {
    if (now.restarts() - before.restarts() > MANY_RESTARTS) {
      alarms.add(
          new Alarm(
              "NovaJobRestarts", "The job restarted more than twice within 15 minutes.", GONE));
    }
    JobFigures then = before.figures();
    JobFigures figures = now.figures();
    long received = figures.received() - then.received();
    long rejected = figures.rejectedTotal() - then.rejectedTotal();
    if (received > 0 && rejected > MANY_REJECTED * received) {
      alarms.add(
          new Alarm(
              "NovaManyEventsAreRejected",
              "%.0f %% of the newest %,d messages are rejected."
                  .formatted(100.0 * rejected / received, received),
              "many-events-are-rejected"));
    }
    if (unknown(figures) > unknown(then)) {
      alarms.add(
          new Alarm(
              "NovaFingerprintsAreGone",
              "Events are rejected as unknown, since their fingerprints are gone.",
              "many-events-are-rejected"));
    }
    Duration time = Duration.between(before.at(), now.at());
    if (time.compareTo(RATES_NEED) < 0) {
      return;
    }
    // Both count messages, and received counts the events in them. A restart begins at 0.
    double perSecond = (now.read() - before.read()) / (time.toMillis() / 1e3);
    if (perSecond >= 0
        && now.pending() > before.pending()
        && now.pending() > RATES_NEED.toSeconds() * perSecond) {
      alarms.add(
          new Alarm(
              "NovaFallsBehind",
              "%,d messages wait in the topic, more than five minutes of work, and they get more."
                  .formatted(now.pending()),
              "the-job-falls-behind"));
    }
    if (time.compareTo(FRONTIER_NEEDS) < 0) {
      return;
    }
    boolean stands = figures.frontierMicros().equals(then.frontierMicros());
    if (stands && figures.admitted() > then.admitted()) {
      alarms.add(
          new Alarm(
              "NovaFrontierStandsStill",
              "Events are admitted, but the frontier does not move, so no block is sealed.",
              "the-frontier-does-not-advance"));
    }
  }

  private static long unknown(JobFigures figures) {
    return figures.rejected().getOrDefault("unknown", 0L);
  }
}
