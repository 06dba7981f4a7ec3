package io.nova.job.intake;

import java.io.Serial;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The source of the generation: one UUID at each start or restart of the job. It runs with
 * parallelism 1, so all operators of a run get the same one.
 *
 * <p>It never ends, since Flink does not run a finished source again after a restore. It is idle
 * from the beginning, so it does not hold the watermark back.
 */
public final class GenerationSource implements Source<String, GenerationSource.NoSplit, Boolean> {
  @Serial private static final long serialVersionUID = 1;

  /** A split; there are none. */
  record NoSplit() implements SourceSplit {
    @Override
    public String splitId() {
      return "none";
    }
  }

  /** Marks the output idle, before and after the one record. */
  public static WatermarkStrategy<String> idle() {
    return WatermarkStrategy.forGenerator(context -> new Idle());
  }

  private static final class Idle implements WatermarkGenerator<String> {
    @Override
    public void onEvent(String generation, long timestampMs, WatermarkOutput output) {
      output.markIdle();
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      output.markIdle();
    }
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SourceReader<String, NoSplit> createReader(SourceReaderContext context) {
    return new Reader();
  }

  private static final class Reader implements SourceReader<String, NoSplit> {
    private CompletableFuture<Void> available = CompletableFuture.completedFuture(null);

    @Override
    public void start() {}

    @Override
    public InputStatus pollNext(ReaderOutput<String> output) {
      if (available.isDone()) {
        available = new CompletableFuture<>();
        output.collect(UUID.randomUUID().toString());
      }
      return InputStatus.NOTHING_AVAILABLE;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return available;
    }

    @Override
    public List<NoSplit> snapshotState(long checkpointId) {
      return List.of();
    }

    @Override
    public void addSplits(List<NoSplit> splits) {}

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void close() {}
  }

  @Override
  public SplitEnumerator<NoSplit, Boolean> createEnumerator(
      SplitEnumeratorContext<NoSplit> context) {
    return new NothingToHandOut();
  }

  @Override
  public SplitEnumerator<NoSplit, Boolean> restoreEnumerator(
      SplitEnumeratorContext<NoSplit> context, Boolean state) {
    return new NothingToHandOut();
  }

  private static final class NothingToHandOut implements SplitEnumerator<NoSplit, Boolean> {
    @Override
    public void start() {}

    @Override
    public void handleSplitRequest(int subtask, @Nullable String host) {}

    @Override
    public void addSplitsBack(List<NoSplit> splits, int subtask) {}

    @Override
    public void addReader(int subtask) {}

    @Override
    public Boolean snapshotState(long checkpointId) {
      return true;
    }

    @Override
    public void close() {}
  }

  @Override
  public SimpleVersionedSerializer<NoSplit> getSplitSerializer() {
    return new Empty<>(new NoSplit());
  }

  @Override
  public SimpleVersionedSerializer<Boolean> getEnumeratorCheckpointSerializer() {
    return new Empty<>(true);
  }

  /** No bytes for the only value. */
  private record Empty<T>(T value) implements SimpleVersionedSerializer<T> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(T only) {
      return new byte[0];
    }

    @Override
    public T deserialize(int version, byte[] stored) {
      return value;
    }
  }
}
