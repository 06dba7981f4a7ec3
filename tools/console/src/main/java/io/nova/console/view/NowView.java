package io.nova.console.view;

import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.JobFigures;
import io.nova.console.ask.AskEngine;
import io.nova.console.view.NowPicture.CheckpointLine;
import io.nova.console.view.NowPicture.Counts;
import io.nova.console.view.NowPicture.JobLine;
import io.nova.console.view.NowPicture.Level;
import io.nova.console.view.NowPicture.Memory;
import io.nova.console.view.NowPicture.PartitionLine;
import io.nova.console.view.NowPicture.ProcessLine;
import io.nova.console.view.NowPicture.Shards;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Collects the state of the job from Flink's REST interface and the live views. Each source may
 * fail alone. For one thread at a time.
 */
public final class NowView {
  private static final String PARTITIONS =
      """
      SELECT kafka_partition AS number,
        epoch_us(MAX(newest_upload_time)) AS upload, epoch_us(MAX(newest_event_time)) AS event
      FROM freshness WHERE kafka_partition IS NOT NULL GROUP BY kafka_partition ORDER BY number
      """;

  private static final String SHARDS =
      """
      SELECT COUNT(DISTINCT shard) AS answering, SUM(live_rows) AS live_rows,
        SUM(live_bytes) AS live_bytes, SUM(sealed_blocks) AS sealed_blocks
      FROM freshness WHERE kafka_partition IS NULL
      """;

  private final WatchedStore store;
  private final AskEngine engine;
  private final InstantSource clock;
  private final Alarms alarms = new Alarms();

  /** A view of this store. */
  public NowView(WatchedStore store, AskEngine engine, InstantSource clock) {
    this.store = store;
    this.engine = engine;
    this.clock = clock;
  }

  /** The state at this moment. */
  public NowPicture collect() {
    Instant now = clock.instant();
    ArrayList<Source> sources = new ArrayList<>();
    List<ProcessLine> processes =
        Source.ask("working folder", sources, this::processes).orElse(List.of());
    boolean hasCluster = Source.ask("run file", new ArrayList<>(), store::hasCluster).orElse(false);
    if (!hasCluster) {
      alarms.forget();
      return NowPicture.nothing(now, whatToDo(), sources, processes);
    }
    Optional<JobPicture> job = Source.ask("Flink", sources, () -> job(now)).flatMap(it -> it);
    Optional<AskedRows> partitions =
        Source.ask("live views", sources, () -> AskedRows.of(engine, PARTITIONS));
    Optional<AskedRows> shards =
        partitions.isEmpty()
            ? Optional.empty()
            : Source.ask("shards", sources, () -> AskedRows.of(engine, SHARDS));
    return picture(now, sources, processes, job, partitions, shards);
  }

  private String whatToDo() {
    return "Nothing runs in %s. Start a cluster with: ./nova local".formatted(store.folder().dir());
  }

  private List<ProcessLine> processes() {
    return store.processes().stream()
        .map(one -> new ProcessLine(one.name(), one.pid(), one.alive()))
        .toList();
  }

  private Optional<JobPicture> job(Instant now) {
    FlinkRest rest = store.flink();
    return store.job().map(job -> JobPicture.of(rest, job, now));
  }

  private NowPicture picture(
      Instant now,
      List<Source> sources,
      List<ProcessLine> processes,
      Optional<JobPicture> job,
      Optional<AskedRows> partitions,
      Optional<AskedRows> shards) {
    List<Alarm> raised = alarms(job);
    List<PartitionLine> lines = partitions.map(it -> lines(it, now)).orElse(List.of());
    @Nullable Shards answering = shards.map(NowView::shards).orElse(null);
    boolean running = job.filter(JobPicture::running).isPresent();
    boolean silent = answering == null && job.filter(it -> it.figures().received() > 0).isPresent();
    Level level = !running ? Level.DOWN : raised.isEmpty() && !silent ? Level.GOOD : Level.WARNING;
    return new NowPicture(
        now.toEpochMilli(),
        level,
        running ? new Sentence(job.get(), lines, answering).text() : notRunning(job, sources),
        sources,
        processes,
        job.map(NowView::jobLine).orElse(null),
        job.map(it -> counts(it.figures())).orElse(null),
        job.map(it -> it.pending()).orElse(null),
        job.flatMap(JobPicture::checkpoint)
            .map(
                it ->
                    new CheckpointLine(
                        it.id(),
                        millisSince(Alarms.end(it), now),
                        it.duration().toMillis(),
                        it.stateBytes()))
            .orElse(null),
        job.map(NowView::memory).orElse(null),
        answering,
        lines,
        raised);
  }

  private List<Alarm> alarms(Optional<JobPicture> job) {
    if (job.filter(JobPicture::running).isPresent()) {
      return alarms.of(job.get());
    }
    alarms.forget();
    return List.of(
        new Alarm("NovaJobIsGone", "No running job reports received messages.", Alarms.GONE));
  }

  private static String notRunning(Optional<JobPicture> job, List<Source> sources) {
    if (job.filter(it -> it.job().state().equals("RUNNING")).isPresent()) {
      return "The job starts: not all of its tasks run.";
    }
    if (job.isPresent()) {
      return "The job is %s. %s"
          .formatted(
              job.get().job().state(),
              job.get().lastFailure().map(it -> "Its last failure: " + it).orElse(""))
          .strip();
    }
    return sources.stream()
        .filter(source -> source.name().equals("Flink") && source.error() != null)
        .findFirst()
        .map(source -> "The job is down: " + source.error())
        .orElse("Flink runs, but no job of Nova does.");
  }

  private static JobLine jobLine(JobPicture picture) {
    return new JobLine(
        picture.job().id(),
        picture.job().state(),
        picture.restarts(),
        picture.lastFailure().orElse(null));
  }

  /** A message with an outcome was received, even if the source's own figure is older. */
  private static Counts counts(JobFigures figures) {
    OptionalLong frontier = figures.frontierMicros();
    long received = Math.max(figures.received(), figures.decided());
    return new Counts(
        received,
        figures.admitted(),
        figures.duplicates(),
        figures.rejectedTotal(),
        figures.rejected(),
        received - figures.decided(),
        figures.openBlocks(),
        figures.blockFiles(),
        figures.chunks(),
        frontier.isPresent() ? (Long) frontier.getAsLong() : null);
  }

  private static Memory memory(JobPicture picture) {
    return new Memory(
        picture.metrics().sum("memoryUsedBytes"),
        picture.metrics().sum("memoryBudgetBytes"),
        (int) Math.round(picture.metrics().greatest("memoryPressure").orElse(0)));
  }

  private static List<PartitionLine> lines(AskedRows rows, Instant now) {
    return rows.rows().stream().map(row -> line(row, now)).toList();
  }

  private static PartitionLine line(Map<String, @Nullable Object> row, Instant now) {
    Long upload = AskedRows.numberOrNull(row, "upload");
    return new PartitionLine(
        (int) AskedRows.number(row, "number"),
        upload,
        AskedRows.numberOrNull(row, "event"),
        upload == null ? null : (Long) Math.max(0, now.toEpochMilli() - upload / 1_000));
  }

  private static Shards shards(AskedRows rows) {
    Map<String, @Nullable Object> row = rows.rows().isEmpty() ? Map.of() : rows.rows().get(0);
    return new Shards(
        AskedRows.number(row, "answering"),
        AskedRows.number(row, "live_rows"),
        AskedRows.number(row, "live_bytes"),
        AskedRows.number(row, "sealed_blocks"),
        rows.gaps());
  }

  static long millisSince(Instant then, Instant now) {
    return Math.max(0, Duration.between(then, now).toMillis());
  }
}
