package io.nova.job.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.ChunkWriter;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.HaltPoint;
import io.nova.job.ClassLoaderCleanup;
import io.nova.job.options.NovaSettings;
import io.nova.job.table.WaitingFiles.Merge;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The operator that merges block files of one batch into a chunk once they have the target size.
 * Smaller ones are merged once upload time has advanced by the maximum wait. A restore restarts
 * that wait.
 *
 * <p>The second input says which batches every shard has sealed. The files of such a batch are
 * merged at once. That is a hint: late, early or lost, it changes the number of chunks only.
 *
 * <p>Merges run one at a time on a separate thread, so that checkpoints do not wait for them. A
 * block file stays in state until its chunk is emitted. After a failure a merge is repeated, and
 * the file of the first attempt is an orphan.
 */
final class ChunkOperator extends AbstractStreamOperator<Chunk>
    implements TwoInputStreamOperator<BlockFile, Long, Chunk>, YieldingOperator<Chunk> {
  @Serial private static final long serialVersionUID = 1;

  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final long NONE_YET = Long.MIN_VALUE;

  private final NovaSettings settings;
  private final MailboxExecutor mailbox;
  private transient Map<Long, WaitingFiles> waiting;
  private transient long watermarkMs;
  private transient long sealedUpTo;
  private transient List<Merge> merging;
  private transient ListState<byte[]> state;
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
    watermarkMs = NONE_YET;
    sealedUpTo = NONE_YET;
    merging = new ArrayList<>();
    state =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    "block-files", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    for (byte[] stored : state.get()) {
      add(JSON.readValue(stored, BlockFile.class));
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    ClassLoaderCleanup.endWith(getRuntimeContext());
    EventTable table = EventTable.find(settings.warehouse()).orElseThrow();
    writer =
        new ChunkWriter(Storage.configuration(), table.dataFolder(), settings.chunkSortBytes());
    merger = Executors.newSingleThreadExecutor(work -> new Thread(work, "nova-chunk-merger"));
    waiting.values().forEach(this::mergeFull);
  }

  @Override
  public void processElement1(StreamRecord<BlockFile> element) {
    mergeFull(add(element.getValue()));
    mergeSealed();
  }

  /** Takes the greatest batch that every shard has sealed. */
  @Override
  public void processElement2(StreamRecord<Long> sealed) {
    sealedUpTo = Math.max(sealedUpTo, sealed.getValue());
    mergeSealed();
  }

  private WaitingFiles add(BlockFile file) {
    WaitingFiles files =
        waiting.computeIfAbsent(
            file.batchNumber(), batch -> new WaitingFiles(batch, settings.chunkTargetBytes()));
    files.add(file, watermarkMs);
    return files;
  }

  private void mergeFull(WaitingFiles files) {
    while (files.isFull()) {
      merge(files.take(watermarkMs));
    }
  }

  private void mergeSealed() {
    waiting.forEach(
        (batch, files) -> {
          if (batch <= sealedUpTo) {
            mergeAll(files);
          }
        });
    waiting.values().removeIf(WaitingFiles::isEmpty);
  }

  private void mergeAll(WaitingFiles files) {
    while (!files.isEmpty()) {
      merge(files.take(watermarkMs));
    }
  }

  /** Sealed batches have no upload time: only block files advance it. */
  @Override
  public void processWatermark1(Watermark mark) throws Exception {
    processWatermark(mark);
  }

  @Override
  public void processWatermark2(Watermark mark) {}

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() != Watermark.MAX_WATERMARK.getTimestamp()) {
      watermarkMs = mark.getTimestamp();
      waiting.values().forEach(files -> files.noteWatermark(watermarkMs));
      mergeAfterLongWait();
    }
    super.processWatermark(mark);
  }

  private void mergeAfterLongWait() {
    long longAgo = watermarkMs - settings.chunkMaxWait().toMillis();
    for (WaitingFiles files : waiting.values()) {
      if (files.waitsSince(longAgo)) {
        mergeAll(files);
      }
    }
  }

  private void merge(Merge merge) {
    merging.add(merge);
    merger.execute(
        () -> {
          try {
            Chunk chunk = writer.merge(merge.batch(), merge.blockFiles());
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
    output.collect(new StreamRecord<>(chunk));
  }

  private static void fail(Throwable cause) {
    throw new IllegalStateException(
        "A chunk could not be written. Its block files stay as they are; the job restarts.", cause);
  }

  /** Merges all remaining files. Flink calls it in a drain only. */
  @Override
  public void finish() throws Exception {
    waiting.values().forEach(this::mergeAll);
    while (!merging.isEmpty()) {
      mailbox.yield();
    }
    super.finish();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    List<byte[]> stored = new ArrayList<>();
    for (Merge merge : merging) {
      store(merge.blockFiles(), stored);
    }
    for (WaitingFiles files : waiting.values()) {
      store(files.blockFiles(), stored);
    }
    state.update(stored);
  }

  private static void store(List<BlockFile> files, List<byte[]> stored) throws IOException {
    for (BlockFile file : files) {
      stored.add(JSON.writeValueAsBytes(file));
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
