package io.nova.cli.run;

import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.cluster.TableFileCount;
import io.nova.cli.process.Await;
import io.nova.cli.process.CommandException;
import io.nova.cli.run.LayerPicture.Day;
import io.nova.judge.EventOracle;
import io.nova.judge.EventOracle.Comparison;
import io.nova.judge.Verdict;
import io.nova.kafka.batches.client.BatchLine;
import io.nova.workload.input.FirstMessages;
import io.nova.workload.send.SendReport;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A replay of days at speed. Each day arrives, closes, is loaded by a batch run, completes and
 * leaves. After each step {@code lambda_events} is compared with the oracle. For one thread.
 */
public final class DaysRun {
  /** More than the delay of any first copy. So no event comes after its batch was closed. */
  private static final Duration AFTER_MIDNIGHT = Duration.ofMinutes(30);

  /** How much more of the next day is sent at once while the day does not close. */
  private static final Duration STEP = Duration.ofHours(1);

  /** Progress lags by hours where a partition has few events at night. */
  private static final Duration MORNING = Duration.ofHours(12);

  /** How long to wait for a close, before more of the next day is sent. */
  private static final long CLOSE_MILLIS = 8_000;

  private static final long POLL_MILLIS = 500;

  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  /** The options of the job that a replay sets: periods of days in real life. */
  public static final Map<String, String> SETTINGS = settings();

  private final LocalCluster cluster;
  private final JobOptions options;
  private final ReplayedDays days;
  private final BatchLayer batchLayer;
  private final ProgressDisplay display;
  private final LocalRun run;
  private final DayBatches batches;
  private final LambdaChecks checks;
  private final DayStream stream;
  private long sent;
  private long failed;
  private int closed;
  private int completed;
  private int removed;
  private long handedOffChunks;

  /**
   * A replay on a running cluster.
   *
   * @param job the id of the running job
   * @param options the job's options, {@link #SETTINGS} among them
   */
  public DaysRun(
      LocalCluster cluster,
      String job,
      JobOptions options,
      ReplayedDays days,
      BatchLayer batchLayer,
      ProgressDisplay display) {
    this.cluster = cluster;
    this.options = options;
    this.days = days;
    this.batchLayer = batchLayer;
    this.display = display;
    this.run = new LocalRun(cluster, job, display);
    this.batches = DayBatches.of(cluster);
    EventOracle oracle =
        new EventOracle(
            options.blockInterval(),
            options.dedupWindow(),
            days.begin(),
            days.end(days.count() + 1));
    this.checks = new LambdaChecks(oracle);
    this.stream = new DayStream(days.messages(), days.partitions(), oracle::add);
  }

  private static Map<String, String> settings() {
    LinkedHashMap<String, String> settings = new LinkedHashMap<>();
    settings.put("nova.checkpoint.interval", "2 s");
    settings.put("nova.commit.interval", "2 s");
    settings.put("nova.batch.grace", "3 s");
    settings.put("nova.savepoint.retention", "1 min");
    settings.put("nova.files.min-age", "1 min");
    return Collections.unmodifiableMap(settings);
  }

  /** Replays all days, ends the job, and judges. */
  public DaysOutcome replay() {
    sayPlan();
    try (stream) {
      for (int day = 1; day <= days.count(); day++) {
        handOver(day);
      }
      send(days.count(), MORNING);
    }
    return judge();
  }

  private void sayPlan() {
    display.say(
        "Replaying %d day%s from %s, %,d messages each. Short periods of the job for it:"
            .formatted(
                days.count(), days.count() == 1 ? "" : "s", days.day(1), days.messagesADay()));
    SETTINGS
        .keySet()
        .forEach(name -> display.say("  %s = %s".formatted(name, options.values().get(name))));
  }

  /** A day that the batch layer does not complete stays where it is. */
  private void handOver(int day) {
    arrive(day);
    long chunks = close(day);
    if (runBatch(day)) {
      remove(day);
      handedOffChunks += chunks;
    }
  }

  private void arrive(int day) {
    send(day, AFTER_MIDNIGHT);
    compare(day, "%s has arrived, and the next day begins.".formatted(days.day(day)));
  }

  /** Sends until every partition has passed the end of a day by this much. */
  private void send(int day, Duration after) {
    SendReport report = run.replay(stream.until(days.end(day).plus(after)), days.pace());
    sent += report.sent();
    failed += report.failed();
    run.awaitDecided(sent);
  }

  /**
   * The next day arrives until the batch closes: by itself, and the last one on request.
   *
   * @return the number of chunks under the batch's tag
   */
  private long close(int day) {
    boolean asked = day == days.count();
    Duration after = AFTER_MIDNIGHT;
    while (!(asked ? batches.close(days.batch(day)) : closesSoon(day))) {
      after = after.plus(STEP);
      if (after.compareTo(MORNING) > 0) {
        throw new CommandException(
            "%s did not close, although %d hours of the next day have arrived. `nova batch close` says which partition holds it."
                .formatted(days.day(day), MORNING.toHours()));
      }
      send(day, after);
    }
    closed++;
    long chunks = batches.taggedChunks(days.batch(day));
    compare(
        day,
        "%s is closed%s. Chunks in its tag: %d."
            .formatted(days.day(day), asked ? " on request" : " by itself", chunks));
    return chunks;
  }

  private boolean closesSoon(int day) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
    while (batches.state(days.batch(day)) != BatchLine.State.CLOSED) {
      if (System.nanoTime() > end) {
        return false;
      }
      Await.pause(POLL_MILLIS);
    }
    return true;
  }

  private boolean runBatch(int day) {
    display.say("");
    display.say("nova batch run " + days.day(day));
    batchLayer.run(days.batch(day));
    BatchLine.State state = batches.state(days.batch(day));
    boolean done = state == BatchLine.State.COMPLETED || state == BatchLine.State.REMOVED;
    completed += done ? 1 : 0;
    compare(
        day,
        done
            ? "%s is completed: the batch layer answers for it.".formatted(days.day(day))
            : "%s is not completed.".formatted(days.day(day)));
    return done;
  }

  /** The hourly task removes the batch once the grace is over. */
  private void remove(int day) {
    run.await(
        "%s leaves the table after the grace".formatted(days.day(day)),
        TIMEOUT,
        () -> {
          batches.expire();
          return batches.state(days.batch(day)) == BatchLine.State.REMOVED;
        });
    removed++;
    compare(day, "%s has left Nova's table.".formatted(days.day(day)));
  }

  private void compare(int day, String step) {
    compare("day %d of %d · %s".formatted(day, days.count(), step), this::live);
  }

  private LambdaAnswer live() {
    return LambdaAnswer.live(cluster.sql());
  }

  private void compare(String step, Supplier<LambdaAnswer> question) {
    long start = System.nanoTime();
    LambdaAnswer answer = question.get();
    Comparison found = checks.compare(step, answer);
    display.say("");
    display.say(step);
    picture(answer).lines().forEach(display::say);
    display.say(
        "  lambda_events: %,d rows, oracle: %,d. Missing %,d, extra %,d. %.1f s"
            .formatted(
                found.rows(),
                found.expected(),
                found.missing(),
                found.extra(),
                LocalRun.seconds(start)));
    found.examples().forEach(each -> display.say("    " + each));
  }

  private LayerPicture picture(LambdaAnswer answer) {
    List<Day> lines = new ArrayList<>();
    for (int day = 1; day <= days.count() + 1; day++) {
      long batch = days.batch(day);
      Map<Layer, Long> rows = answer.layers().getOrDefault(batch, Map.of());
      BatchLine.State state = batches.state(batch);
      if (!rows.isEmpty() || state != BatchLine.State.OPEN) {
        lines.add(
            new Day(days.day(day).toString(), state.title(), rows, batches.taggedRows(batch)));
      }
    }
    return new LayerPicture(lines);
  }

  private DaysOutcome judge() {
    JobFigures figures = run.drain(sent);
    compare(
        "The next morning has arrived, and the job has ended.",
        () -> LambdaAnswer.committed(cluster.sql()));
    Verdict verdict =
        run.judge(new FirstMessages(days.messages(), stream.read()), options, handedOff());
    TableFileCount files = TableFileCount.of(cluster.warehouse());
    double seconds = ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
    return new DaysOutcome(
        days.count(),
        closed,
        completed,
        removed,
        handedOffChunks,
        checks.totals(),
        new Outcome(sent, failed, List.of(), figures, verdict, files, seconds, 0));
  }

  private OptionalLong handedOff() {
    return removed == 0 ? OptionalLong.empty() : OptionalLong.of(days.batch(removed));
  }
}
