package io.nova.job.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.ChunkWriter;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.SmallChunk;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.HaltPoint;
import io.nova.job.ClassLoaderCleanup;
import io.nova.job.options.NovaSettings;
import io.nova.job.table.WaitingFiles.Merge;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.operators.YieldingOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The operator that merges block files of one batch into a chunk once they have the target size.
 * Smaller ones are merged after the longest wait of machine time. A restore restarts that wait.
 *
 * <p>A chunk of files that have less than half of the target size together is small. It waits like
 * a block file, until it is merged with others into a chunk of the target size, or until the batch
 * ends.
 *
 * <p>The second input says which batches every shard has sealed. The files of such a batch are
 * merged at once, and its last chunk is not small. That is a hint: late or early, it changes the
 * number of chunks only. A batch closes when none of its files waits.
 *
 * <p>Merges run one at a time on a separate thread, so that checkpoints do not wait for them. A
 * file stays in state until its chunk is emitted. After a failure a merge is repeated, and the file
 * of the first attempt is an orphan.
 */
final class ChunkOperator extends AbstractStreamOperator<Chunk>
    implements TwoInputStreamOperator<BlockFile, Long, Chunk>, YieldingOperator<Chunk> {
  @Serial private static final long serialVersionUID = 1;

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** Time between two looks for files that have waited long enough, at most. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final NovaSettings settings;
  private final MailboxExecutor mailbox;
  private transient Map<Long, WaitingFiles> waiting;
  private transient long sealedUpTo;
  private transient List<Merge> merging;
  private transient ListState<byte[]> blockFiles;
  private transient ListState<byte[]> smallChunks;
  private transient ChunkWriter writer;
  private transient ExecutorService merger;

  ChunkOperator(StreamOperatorParameters<Chunk> parameters, NovaSettings settings) {
    super(parameters);
    this.settings = settings;
    this.mailbox = parameters.getMailboxExecutor();
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    waiting = new TreeMap<>();
    sealedUpTo = BatchNumbers.NONE;
    merging = new ArrayList<>();
    blockFiles = state(context, "block-files");
    for (byte[] stored : blockFiles.get()) {
      add(JSON.readValue(stored, BlockFile.class));
    }
    smallChunks = state(context, "small-chunks");
    for (byte[] stored : smallChunks.get()) {
      SmallChunk chunk = JSON.readValue(stored, SmallChunk.class);
      waiting(chunk.batchNumber()).add(chunk);
    }
  }

  private static ListState<byte[]> state(StateInitializationContext context, String name)
      throws Exception {
    return context
        .getOperatorStateStore()
        .getListState(
            new ListStateDescriptor<>(name, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
  }

  @Override
  public void open() throws Exception {
    super.open();
    ClassLoaderCleanup.endWith(getRuntimeContext());
    EventTable table = EventTable.find(settings.catalog()).orElseThrow();
    writer =
        new ChunkWriter(Storage.configuration(), table.dataFolder(), settings.chunkSortBytes());
    merger = Executors.newSingleThreadExecutor(work -> new Thread(work, "nova-chunk-merger"));
    waiting.values().forEach(this::mergeFull);
    mergeFromTimeToTime();
  }

  @Override
  public void processElement1(StreamRecord<BlockFile> element) {
    BlockFile file = element.getValue();
    add(file);
    mergeFull(waiting(file.batchNumber()));
    mergeSealed();
  }

  /** Takes the greatest batch that every shard has sealed. */
  @Override
  public void processElement2(StreamRecord<Long> sealed) {
    sealedUpTo = Math.max(sealedUpTo, sealed.getValue());
    mergeSealed();
  }

  private void add(BlockFile file) {
    waiting(file.batchNumber()).add(file, nowMs());
  }

  private WaitingFiles waiting(long batch) {
    return waiting.computeIfAbsent(
        batch, number -> new WaitingFiles(number, settings.chunkTargetBytes()));
  }

  private void mergeFull(WaitingFiles files) {
    while (files.isFull()) {
      merge(files.take(nowMs()));
    }
  }

  /** Files that arrive during a merge of their batch wait for it: its chunk may be small. */
  private void mergeSealed() {
    waiting.forEach(
        (batch, files) -> {
          if (batch <= sealedUpTo && merging.stream().noneMatch(one -> one.batch() == batch)) {
            mergeAll(files);
          }
        });
    waiting.values().removeIf(WaitingFiles::isEmpty);
  }

  private void mergeAll(WaitingFiles files) {
    while (!files.isEmpty()) {
      merge(files.take(nowMs()));
    }
  }

  private long nowMs() {
    return getProcessingTimeService().getCurrentProcessingTime();
  }

  private void mergeFromTimeToTime() {
    long period = Math.min(LOOK.toMillis(), settings.chunkMaxWait().toMillis());
    ScheduledFuture<?> unused =
        getProcessingTimeService()
            .registerTimer(
                nowMs() + period,
                now -> {
                  mergeAfterLongWait();
                  mergeFromTimeToTime();
                });
  }

  private void mergeAfterLongWait() {
    long longAgo = nowMs() - settings.chunkMaxWait().toMillis();
    for (WaitingFiles files : waiting.values()) {
      if (files.waitsSince(longAgo)) {
        merge(files.takeBlockFiles(nowMs()));
      }
    }
  }

  private void merge(Merge merge) {
    merging.add(merge);
    merger.execute(
        () -> {
          try {
            Chunk chunk = writer.merge(merge.batch(), merge.blockFiles(), merge.smallChunks());
            mailbox.execute(() -> emit(merge, chunk), "emit a chunk");
          } catch (RuntimeException | Error e) {
            mailbox.execute(() -> fail(e), "fail after a failed merge");
          }
        });
  }

  private void emit(Merge merge, Chunk chunk) {
    if (chunk.batchNumber() <= sealedUpTo) {
      HaltPoint.MERGE.reached();
    }
    merging.remove(merge);
    if (isSmall(merge, chunk)) {
      output.collect(new StreamRecord<>(chunk.waiting()));
      waiting(chunk.batchNumber()).add(chunk.asSmall());
    } else {
      output.collect(new StreamRecord<>(chunk));
    }
    mergeFull(waiting(chunk.batchNumber()));
    mergeSealed();
  }

  /** A chunk is smaller than its block files, so a size near the target counts on either side. */
  private boolean isSmall(Merge merge, Chunk chunk) {
    boolean last = merge.batch() <= sealedUpTo && waiting(merge.batch()).isEmpty();
    return !last
        && Math.max(merge.sizeBytes(), chunk.sizeBytes()) < settings.chunkTargetBytes() / 2;
  }

  private static void fail(Throwable cause) {
    throw new IllegalStateException(
        "A chunk could not be written. Its block files stay as they are; the job restarts.", cause);
  }

  /** Merges all remaining block files. Flink calls it in a drain only. */
  @Override
  public void finish() throws Exception {
    for (WaitingFiles files : waiting.values()) {
      while (files.hasBlockFiles()) {
        merge(files.take(nowMs()));
      }
    }
    while (!merging.isEmpty()) {
      mailbox.yield();
    }
    super.finish();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    List<byte[]> files = new ArrayList<>();
    List<byte[]> chunks = new ArrayList<>();
    for (Merge merge : merging) {
      store(merge, files, chunks);
    }
    for (WaitingFiles one : waiting.values()) {
      store(one.all(), files, chunks);
    }
    blockFiles.update(files);
    smallChunks.update(chunks);
  }

  private static void store(Merge merge, List<byte[]> files, List<byte[]> chunks)
      throws IOException {
    for (BlockFile file : merge.blockFiles()) {
      files.add(JSON.writeValueAsBytes(file));
    }
    for (SmallChunk chunk : merge.smallChunks()) {
      chunks.add(JSON.writeValueAsBytes(chunk));
    }
  }

  @Override
  public void close() throws Exception {
    if (merger != null) {
      merger.shutdownNow();
    }
    super.close();
  }
}
