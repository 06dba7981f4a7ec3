package io.nova.sql.source.enumerator;

import io.nova.sql.source.split.Followed;
import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.ScanState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * The common part of all enumerators: assigns splits to the readers that request them. Subclasses
 * plan the splits. All calls come from Flink's coordinator thread.
 */
public abstract class AssigningEnumerator implements SplitEnumerator<ScanSplit, ScanState> {
  private final SplitAssigner assigner;
  private boolean planned;

  /** An enumerator that continues from a state. */
  public AssigningEnumerator(SplitEnumeratorContext<ScanSplit> context, ScanState restored) {
    this.assigner = new SplitAssigner(context, restored.splits());
    this.planned = restored.planned();
  }

  /** Whether the first splits have been planned. */
  protected final boolean isPlanned() {
    return planned;
  }

  /** Adds splits that have been planned. */
  protected final void add(List<ScanSplit> splits) {
    planned = true;
    assigner.add(splits);
  }

  /** Signals readers that get no split from now on that no more will come. */
  protected final void complete() {
    assigner.complete();
  }

  /** The last snapshot whose files are all added; empty unless the query follows commits. */
  protected Optional<Followed> followed() {
    return Optional.empty();
  }

  /**
   * The failure to plan. A SQL client shows the innermost cause only, so one that is not made for
   * users is suppressed.
   */
  protected static FlinkRuntimeException failure(String what, Throwable reason) {
    String message = "%s %s".formatted(what, reason.getMessage());
    if (ThrowableClassifier.findThrowableOfThrowableType(reason, ThrowableType.NonRecoverableError)
        .isPresent()) {
      return new FlinkRuntimeException(message, reason);
    }
    FlinkRuntimeException failure = new FlinkRuntimeException(message);
    failure.addSuppressed(reason);
    return failure;
  }

  @Override
  public final void handleSplitRequest(int subtask, @Nullable String host) {
    assigner.request(subtask);
  }

  @Override
  public final void addSplitsBack(List<ScanSplit> splits, int subtask) {
    assigner.takeBack(splits, subtask);
  }

  @Override
  public final void addReader(int subtask) {
    // The reader requests a split when it has nothing to read.
  }

  @Override
  public final ScanState snapshotState(long checkpointId) {
    return new ScanState(planned, followed(), assigner.unassigned());
  }

  @Override
  public void close() throws IOException {}
}
