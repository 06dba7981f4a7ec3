package io.nova.sql.source.enumerator;

import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.ScanState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;

/**
 * Hands out splits as readers ask for them; which ones, and when there are more, is for those who
 * extend it. All calls come from Flink's coordinator thread.
 */
public abstract class AssigningEnumerator implements SplitEnumerator<ScanSplit, ScanState> {
  private final SplitAssigner desk;
  private boolean planned;

  /** An enumerator that goes on from a state. */
  public AssigningEnumerator(SplitEnumeratorContext<ScanSplit> context, ScanState restored) {
    this.desk = new SplitAssigner(context, restored.splits());
    this.planned = restored.planned();
  }

  /** Whether the first splits have been planned. */
  protected final boolean isPlanned() {
    return planned;
  }

  /** Takes splits that have been planned. */
  protected final void take(List<ScanSplit> splits) {
    planned = true;
    desk.add(splits);
  }

  /** Tells readers that find none from now on that no split will come. */
  protected final void complete() {
    desk.complete();
  }

  /** The last snapshot of which all is among the splits, or handed out; for those that follow. */
  protected Optional<Long> followed() {
    return Optional.empty();
  }

  @Override
  public final void handleSplitRequest(int subtask, @Nullable String host) {
    desk.ask(subtask);
  }

  @Override
  public final void addSplitsBack(List<ScanSplit> splits, int subtask) {
    desk.takeBack(splits, subtask);
  }

  @Override
  public final void addReader(int subtask) {
    // It asks when it has nothing to read.
  }

  @Override
  public final ScanState snapshotState(long checkpointId) {
    return new ScanState(planned, followed(), desk.unassigned());
  }

  @Override
  public void close() throws IOException {}
}
