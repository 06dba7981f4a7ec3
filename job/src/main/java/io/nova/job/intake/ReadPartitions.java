package io.nova.job.intake;

import io.nova.event.Micros;
import io.nova.job.options.NovaSettings;
import io.nova.kafka.PartitionProgress;
import io.nova.kafka.ReadPartition;
import io.nova.kafka.UploadProgress;
import io.nova.shard.Offer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that a subtask of the intake has read, and their progress.
 *
 * <p>Any subtask may go on with a partition after a restore. So each restores all partitions, and
 * stores those that it has read. The first subtask also stores those that it has only restored: a
 * greater offset of another subtask wins. Belongs to the task thread.
 */
final class ReadPartitions {
  private static final Logger LOG = LoggerFactory.getLogger(ReadPartitions.class);
  private static final int FIRST_SUBTASK = 0;
  private static final long NONE = -1;

  private final NovaSettings settings;
  private final int subtask;
  private final ListState<byte[]> state;
  private final Map<Integer, ReadPartition> restored = new HashMap<>();
  private final Map<Integer, Partition> read = new HashMap<>();

  /** A partition, and what was sent of its progress. */
  private static final class Partition {
    private final int number;
    private final UploadProgress progress;
    private long offset = NONE;
    private long sentInterval = Micros.UNKNOWN;
    private long sentOffset = NONE;

    Partition(int number, UploadProgress progress) {
      this.number = number;
      this.progress = progress;
    }
  }

  /** The partitions of a checkpoint; none at a first start. */
  ReadPartitions(OperatorStateStore store, NovaSettings settings, int subtask) throws Exception {
    this.settings = settings;
    this.subtask = subtask;
    state =
        store.getUnionListState(
            new ListStateDescriptor<>(
                "partitions", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    if (settings.progressNotAfterMicros() != Long.MAX_VALUE) {
      LOG.warn(
          "Progress is bounded by nova.progress.not-after, {}. Fingerprints stay in state meanwhile."
              + " Remove the option when the wrong events have been read.",
          instant(settings.progressNotAfterMicros()));
    }
    for (byte[] stored : state.get()) {
      ReadPartition partition = ReadPartition.read(stored, settings.progressNotAfterMicros());
      restored.merge(
          partition.partition(),
          partition,
          (one, other) -> one.offset() >= other.offset() ? one : other);
    }
  }

  /** Notes an event and its record's time, and stamps the event with the progress before it. */
  void stamp(Offer event, long recordMicros) {
    Partition partition = partition(event.partition, event.offset);
    long before = partition.progress.reachedMicros();
    event.progressMicros = before;
    partition.progress.read(event.uploadMicros, recordMicros);
    long after = partition.progress.reachedMicros();
    if (before == Micros.UNKNOWN && after != Micros.UNKNOWN) {
      LOG.info(
          "Partition {} of topic {} has its first progress, {}, at offset {}",
          event.partition,
          settings.topic(),
          instant(after),
          event.offset);
    } else if (after - before > UploadProgress.STEP_MICROS) {
      warn(event, before, after);
    }
  }

  /** Notes a message without an event, which moves no progress. */
  void read(int number, long offset) {
    Partition unused = partition(number, offset);
  }

  private Partition partition(int number, long offset) {
    Partition partition = read.computeIfAbsent(number, this::begin);
    partition.offset = offset;
    return partition;
  }

  private Partition begin(int number) {
    ReadPartition before = restored.get(number);
    return new Partition(
        number,
        before == null ? new UploadProgress(settings.progressNotAfterMicros()) : before.progress());
  }

  private void warn(Offer event, long before, long after) {
    LOG.warn(
        "Partition {} of topic {} has gone on from {} to {} at offset {}: its events have confirmed"
            + " this for an hour. After a pause that is right. If a server clock is ahead, stop the"
            + " job, start it from a savepoint with nova.progress.not-after, and replay the events"
            + " that were rejected as too_late.",
        event.partition,
        settings.topic(),
        instant(before),
        instant(after),
        event.offset);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** Sends progress that has reached another block interval. */
  void inAnotherInterval(Consumer<PartitionProgress> output) {
    for (Partition partition : read.values()) {
      if (interval(partition) > partition.sentInterval) {
        send(partition, output);
      }
    }
  }

  /**
   * Sends the progress of partitions that were read since it was sent. So a restored shard knows
   * exactly how far each partition has been read.
   */
  void readSinceSent(Consumer<PartitionProgress> output) {
    for (Partition partition : read.values()) {
      if (partition.offset > partition.sentOffset) {
        send(partition, output);
      }
    }
  }

  private void send(Partition partition, Consumer<PartitionProgress> output) {
    partition.sentInterval = interval(partition);
    partition.sentOffset = partition.offset;
    output.accept(
        PartitionProgress.of(
            partition.number, partition.progress.reachedMicros(), partition.offset));
  }

  private long interval(Partition partition) {
    long micros = partition.progress.reachedMicros();
    return micros == Micros.UNKNOWN ? Micros.UNKNOWN : settings.blockRules().intervalOf(micros);
  }

  /**
   * The offset after the last record that was read, by partition. Restored partitions are named
   * too. Another subtask may have read on since, so the greatest offset of all subtasks counts.
   */
  Map<Integer, Long> nextOffsets() {
    Map<Integer, Long> next = new HashMap<>();
    restored.values().forEach(before -> next.put(before.partition(), before.offset() + 1));
    read.values().forEach(partition -> next.put(partition.number, partition.offset + 1));
    return next;
  }

  /** Writes its state, for a checkpoint. */
  void snapshot() throws Exception {
    List<byte[]> stored = new ArrayList<>();
    for (Partition partition : read.values()) {
      stored.add(new ReadPartition(partition.number, partition.offset, partition.progress).write());
    }
    if (subtask == FIRST_SUBTASK) {
      restored.values().stream()
          .filter(before -> !read.containsKey(before.partition()))
          .forEach(before -> stored.add(before.write()));
    }
    state.update(stored);
  }
}
