package io.nova.job.live;

import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.SnapshotMark;
import io.nova.job.options.LiveSettings;
import io.nova.job.options.NovaSettings;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.Announcements;
import io.nova.live.protocol.SubtaskView;
import io.nova.live.protocol.SubtaskView.Newest;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import io.nova.live.server.LiveServer;
import io.nova.live.server.LiveServerOptions;
import io.nova.live.server.ServedPositions;
import io.nova.live.server.SpilledSegments;
import io.nova.shard.BlockFile;
import io.nova.shard.BlockView;
import io.nova.shard.Shard;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.NewestTimes;
import io.nova.shard.progress.ReadPositions;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
 * Shows what a subtask holds: publishes its view, serves and announces it, and keeps naming the
 * files of sealed blocks until the table was seen to hold them.
 *
 * <p>It begins when the generation of the run has come. A server that cannot start is logged, and
 * the job goes on without live views of this subtask: no event depends on them. Belongs to the task
 * thread.
 */
public final class LivePublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LivePublisher.class);
  private static final int TOKEN_BYTES = 24;

  /** For how long the announcements of runs that are over stay, for whoever wonders. */
  private static final Duration KEPT = Duration.ofHours(1);

  private final NovaSettings settings;
  private final EventTable table;
  private final Subtask subtask;
  private final Map<Integer, Shard> shards;
  private final ReadPositions readTo;
  private final SpilledSegments spilled;
  private final Map<Integer, Long> heldAtStart = new HashMap<>();
  private final LastCheckpoint checkpoint;
  private final List<BlockFile> sealed = new ArrayList<>();
  private @Nullable Running running;
  private boolean serves;
  private boolean changed;
  private @Nullable SnapshotMark seen;

  /**
   * Which subtask this is.
   *
   * @param number of the subtask
   * @param attempt Flink's number of the attempt
   * @param host the address of its TaskManager
   * @param tls how the cluster's processes speak with each other; empty for plainly
   * @param shards the numbers of all shards of its key groups
   */
  public record Subtask(
      int number, int attempt, String host, Optional<SSLContext> tls, List<Integer> shards) {
    public Subtask {
      shards = List.copyOf(shards);
    }
  }

  /** What there is once the generation is known. */
  private record Running(
      String generation,
      LiveServer server,
      String token,
      TableWatch watch,
      ServedPositions served,
      Announcements announcements) {}

  /**
   * A publisher that has not begun. What the shards have sealed by now is left to the table.
   *
   * @param shards those that have begun; the operator adds others later
   * @param readTo how far the subtask has read; the operator goes on with it
   */
  public LivePublisher(
      NovaSettings settings,
      EventTable table,
      Subtask subtask,
      Map<Integer, Shard> shards,
      ReadPositions readTo,
      SpilledSegments spilled) {
    this.settings = settings;
    this.table = table;
    this.subtask = subtask;
    this.shards = shards;
    this.readTo = readTo;
    this.spilled = spilled;
    this.checkpoint = new LastCheckpoint(shards, readTo);
    this.serves = settings.live().on();
    shards.forEach((number, shard) -> heldAtStart.put(number, shard.sequence()));
  }

  /** Begins to serve, unless it has or is not wanted. */
  public void begin(String generation) {
    checkpoint.begin(generation);
    if (running != null || !serves) {
      return;
    }
    try {
      running = start(generation);
      publish(running);
      announce(running, false);
      if (subtask.number == 0) {
        running.announcements.removeOthers(generation, KEPT);
      }
      LOG.info("Live views of subtask {} are served at {}", subtask.number, address(running));
    } catch (IOException | RuntimeException e) {
      close();
      serves = false;
      sealed.clear();
      LOG.error(
          "Live views of subtask {} cannot be served: {}. The job goes on; queries that ask for"
              + " live views fail, those of committed rows do not.",
          subtask.number,
          e.toString(),
          e);
    }
  }

  private Running start(String generation) throws IOException {
    LiveSettings live = settings.live();
    String location = table.iceberg().location();
    ServedPositions served =
        new ServedPositions(
            Storage.configuration(), location, settings.topic(), generation, subtask.number);
    String token = live.token().isEmpty() ? draw() : live.token();
    LiveServer server =
        LiveServer.start(
            LiveServerOptions.of(
                    subtask.host, live.firstPort(), live.lastPort(), token, subtask.tls)
                .withConnections(live.maxConnections()),
            spilled,
            served);
    return new Running(
        generation,
        server,
        token,
        new TableWatch(table, generation),
        served,
        new Announcements(location, Storage.configuration()));
  }

  private static String draw() {
    byte[] token = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(token);
    return HexFormat.of().formatHex(token);
  }

  private String address(Running on) {
    return subtask.host + ":" + on.server.port();
  }

  private void announce(Running on, boolean drained) throws IOException {
    on.announcements.write(
        new Announcement(
            Announcement.VERSION,
            on.generation,
            subtask.number,
            subtask.attempt,
            drained ? "" : subtask.host,
            drained ? 0 : on.server.port(),
            subtask.tls.isPresent(),
            drained || !settings.live().token().isEmpty() ? "" : on.token,
            drained,
            ends()));
  }

  /** Notes that an event was decided on, or that blocks were sealed. */
  public void changed() {
    changed = true;
  }

  /** Notes a file of blocks that have just been sealed. */
  public void sealed(BlockFile file) {
    changed = true;
    if (serves) {
      sealed.add(file);
    }
  }

  /** The barrier of a checkpoint has come; the checkpoints that its state goes back to. */
  public Ancestry checkpointTaken(long id) {
    return checkpoint.taken(id);
  }

  /** No failure goes back behind this checkpoint any more. */
  public void checkpointCompleted(long id) {
    changed |= checkpoint.completed(id);
  }

  /** Looks for something new to publish, as often as the option says, until the task ends. */
  public void publishFromTimeToTime(ProcessingTimeService clock) {
    ScheduledFuture<?> unused =
        clock.registerTimer(
            clock.getCurrentProcessingTime() + settings.live().publishInterval().toMillis(),
            now -> {
              publishIfChanged();
              publishFromTimeToTime(clock);
            });
  }

  /** Publishes a new view, where there is anything new. */
  void publishIfChanged() {
    Running on = running;
    if (on == null) {
      return;
    }
    SnapshotMark newest = on.watch.newest().orElse(null);
    if (changed || !Objects.equals(newest, seen)) {
      publish(on);
    }
  }

  private void publish(Running on) {
    seen = on.watch.newest().orElse(null);
    changed = false;
    sealed.removeIf(this::isHeld);
    on.watch.wanted(!sealed.isEmpty());
    on.server.publish(view(on));
  }

  private boolean isHeld(BlockFile file) {
    return file.blocks().stream().allMatch(block -> block.sequence() <= held(block.shard()));
  }

  private long held(int shard) {
    long atStart = heldAtStart.getOrDefault(shard, 0L);
    return seen == null ? atStart : Math.max(atStart, seen.sequence(shard));
  }

  private SubtaskView view(Running on) {
    List<BlockView> open = new ArrayList<>();
    List<Newest> newest = new ArrayList<>();
    shards.forEach(
        (number, shard) -> {
          open.addAll(shard.openViews());
          for (NewestTimes.Newest times : shard.newest().entries()) {
            newest.add(
                new Newest(number, times.partition(), times.uploadMicros(), times.eventMicros()));
          }
        });
    return new SubtaskView(
        on.generation,
        ends(),
        open,
        sealed,
        newest,
        readTo.asMap(),
        on.served.behind(readTo),
        checkpoint.reach());
  }

  private List<ShardEnd> ends() {
    return subtask.shards.stream().map(this::end).toList();
  }

  private ShardEnd end(int number) {
    long sequence = Optional.ofNullable(shards.get(number)).map(Shard::sequence).orElse(0L);
    return new ShardEnd(number, Math.min(held(number), sequence), sequence);
  }

  /** Tells queries that everything is sealed and nothing will be served. */
  public void drained() {
    Running on = running;
    if (on == null) {
      return;
    }
    publish(on);
    try {
      announce(on, true);
    } catch (IOException e) {
      LOG.warn("The end of subtask {} could not be announced: {}", subtask.number, e.toString());
    }
  }

  @Override
  public void close() {
    if (running != null) {
      running.server.close();
      running.watch.close();
      running = null;
    }
  }
}
