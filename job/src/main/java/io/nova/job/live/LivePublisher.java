package io.nova.job.live;

import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.LinkSummary;
import io.nova.job.options.LiveSettings;
import io.nova.job.options.NovaSettings;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.Announcements;
import io.nova.live.server.LiveServer;
import io.nova.live.server.LiveServerOptions;
import io.nova.live.server.ServedPositions;
import io.nova.live.server.SpilledSegments;
import io.nova.shard.BlockFile;
import io.nova.shard.Shard;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.ReadPositions;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import javax.net.ssl.SSLContext;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The publisher of a subtask's live view. It starts the live server, announces it below the table,
 * and publishes a new view after every change.
 *
 * <p>It begins once the generation of the run is known. If the server cannot start, the error is
 * logged and the job continues: no event depends on live views. The start is tried again, at most
 * once a minute. Not thread safe; belongs to the task thread.
 */
public final class LivePublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LivePublisher.class);
  private static final int TOKEN_BYTES = 24;

  /** Pause before the second retry of a failed start. Later ones are twice as long each. */
  private static final long FIRST_PAUSE_MS = 1_000;

  private static final long LONGEST_PAUSE_MS = 60_000;

  /** How long the announcements of earlier runs stay, for a diagnosis. */
  private static final Duration KEPT = Duration.ofHours(1);

  private final NovaSettings settings;
  private final EventTable table;
  private final Subtask subtask;
  private final ReadPositions completeTo;
  private final SpilledSegments spilled;
  private final LastCheckpoint checkpoint;
  private final ViewBuilder views;
  private final boolean on;
  private @Nullable String generation;
  private @Nullable TableWatch watch;
  private volatile @Nullable Service service;
  private long retryPauseMs;
  private long retryAtMs = Long.MIN_VALUE;
  private boolean changed;

  /**
   * The identity of a subtask.
   *
   * @param number Flink's number of the subtask
   * @param attempt Flink's number of the attempt
   * @param host the address of its TaskManager
   * @param tls the TLS of the cluster's own connections; empty for plain connections
   * @param shards the numbers of all shards of its key groups
   */
  public record Subtask(
      int number, int attempt, String host, Optional<SSLContext> tls, List<Integer> shards) {
    public Subtask {
      shards = List.copyOf(shards);
    }
  }

  /** The running server, and what belongs to its generation. */
  private record Service(
      String generation,
      LiveServer server,
      String token,
      ServedPositions served,
      Announcements announcements) {}

  /**
   * A publisher that has not begun. Blocks that are sealed by now are left to the table.
   *
   * @param shards the restored shards; the operator adds others later
   * @param readTo the positions of which an answer may show events; the operator advances them
   * @param completeTo the positions of which an answer shows all events; the operator advances them
   */
  public LivePublisher(
      NovaSettings settings,
      EventTable table,
      Subtask subtask,
      Map<Integer, Shard> shards,
      ReadPositions readTo,
      ReadPositions completeTo,
      SpilledSegments spilled) {
    this.settings = settings;
    this.table = table;
    this.subtask = subtask;
    this.completeTo = completeTo;
    this.spilled = spilled;
    this.checkpoint = new LastCheckpoint(shards, readTo);
    this.views = new ViewBuilder(subtask.shards, shards, readTo);
    this.on = settings.live().on();
  }

  /** Starts to serve, unless it has begun already or live views are off. */
  public void begin(String run) {
    checkpoint.begin(run);
    if (generation != null || !on) {
      return;
    }
    generation = run;
    watch = new TableWatch(table, run);
    serve(run);
  }

  private void serve(String run) {
    try {
      Service started = start(run);
      service = started;
      publish(started);
      announce(started, false);
      if (subtask.number == 0) {
        started.announcements.removeOthers(run, KEPT);
      }
      LOG.info(
          "Live views of subtask {} are served at {}:{}",
          subtask.number,
          subtask.host,
          started.server.port());
    } catch (IOException | RuntimeException e) {
      stopServing();
      LOG.error(
          "Live views of subtask {} cannot be served: {}. It is tried again. The job goes on;"
              + " queries that ask for live views fail meanwhile, those of committed rows do not.",
          subtask.number,
          e.toString(),
          e);
    }
  }

  /** Whether the live server runs and is announced. Any thread. */
  public boolean serves() {
    return service != null;
  }

  private Service start(String generation) throws IOException {
    LiveSettings live = settings.live();
    String location = table.iceberg().location();
    ServedPositions served =
        new ServedPositions(
            Storage.configuration(), location, settings.topic(), generation, subtask.number);
    String token = live.token().isEmpty() ? randomToken() : live.token();
    LiveServer server =
        LiveServer.start(
            LiveServerOptions.of(
                    subtask.host, live.firstPort(), live.lastPort(), token, subtask.tls)
                .withConnections(live.maxConnections()),
            spilled,
            served);
    return new Service(
        generation, server, token, served, new Announcements(location, Storage.configuration()));
  }

  private static String randomToken() {
    byte[] token = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(token);
    return HexFormat.of().formatHex(token);
  }

  private void announce(Service running, boolean drained) throws IOException {
    running.announcements.write(
        new Announcement(
            Announcement.VERSION,
            running.generation,
            subtask.number,
            subtask.attempt,
            drained ? "" : subtask.host,
            drained ? 0 : running.server.port(),
            subtask.tls.isPresent(),
            drained || !settings.live().token().isEmpty() ? "" : running.token,
            drained,
            views.ends()));
  }

  /** Notes that an event was decided on, or that blocks were sealed. */
  public void changed() {
    changed = true;
  }

  /** Notes a file of blocks that were just sealed. */
  public void sealed(BlockFile file) {
    changed = true;
    if (on) {
      views.addSealed(file);
      Service running = service;
      if (running != null) {
        running.server.sealed(settings.blockRules().intervalOf(file.uploadFromMicros()), file);
      }
    }
  }

  /**
   * Notes that the barrier of a checkpoint has arrived.
   *
   * @return the lineage of the checkpoint
   */
  public Ancestry checkpointTaken(long id) {
    return checkpoint.taken(id);
  }

  /** Notes that a checkpoint is complete: no failure goes back to an earlier one. */
  public void checkpointCompleted(long id) {
    changed |= checkpoint.completed(id);
  }

  /** Publishes changes at the interval of the option, until the task ends. */
  public void publishFromTimeToTime(ProcessingTimeService clock) {
    ScheduledFuture<?> unused =
        clock.registerTimer(
            clock.getCurrentProcessingTime() + settings.live().publishInterval().toMillis(),
            now -> {
              startIfDue(clock.getCurrentProcessingTime());
              publishIfChanged();
              publishFromTimeToTime(clock);
            });
  }

  private void startIfDue(long nowMs) {
    if (generation != null && service == null && nowMs >= retryAtMs) {
      retryPauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * retryPauseMs));
      retryAtMs = nowMs + retryPauseMs;
      serve(generation);
    }
  }

  /** Publishes a new view if the subtask or the table has changed. */
  private void publishIfChanged() {
    if (watch == null) {
      return;
    }
    LinkSummary newest = watch.newest().orElse(null);
    if (changed || !Objects.equals(newest, views.table())) {
      publish(service);
    }
  }

  /** Without a server, it only forgets the sealed files that the table has. */
  private void publish(@Nullable Service running) {
    TableWatch seen = Objects.requireNonNull(watch, "Rule: a watch begins before the service");
    views.seeTable(seen.newest().orElse(null));
    changed = false;
    seen.wanted(views.waitsForTable());
    if (running != null) {
      running.server.publish(
          views.view(running.generation, running.served.behind(completeTo), checkpoint.reach()));
    }
  }

  /** Announces that every block is sealed and nothing is served any more. */
  public void drained() {
    if (generation != null && service == null) {
      serve(generation);
    }
    Service running = service;
    if (running == null) {
      return;
    }
    publish(running);
    try {
      announce(running, true);
    } catch (IOException e) {
      LOG.warn("The end of subtask {} could not be announced: {}", subtask.number, e.toString());
    }
  }

  @Override
  public void close() {
    stopServing();
    if (watch != null) {
      watch.close();
    }
  }

  private void stopServing() {
    Service running = service;
    service = null;
    if (running != null) {
      running.server.close();
    }
  }
}
