package io.nova.job.table;

import io.nova.event.Tally;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.Leftovers;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.CommitterState;
import io.nova.iceberg.commit.Draft;
import io.nova.iceberg.commit.Link;
import io.nova.job.ClassLoaderCleanup;
import io.nova.job.metrics.NovaMetrics;
import io.nova.job.metrics.TallyCodec;
import io.nova.job.metrics.TallyReport;
import io.nova.job.options.NovaSettings;
import java.io.Serial;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * The table committer: the only operator that writes the table. At each checkpoint with new files
 * it makes a link of the commit chain. It applies the link when the checkpoint is complete.
 *
 * <p>The chain begins or continues once the generation of this run is known; earlier input waits
 * for that. At every checkpoint the committer checks that each received message has a decision.
 */
public final class TableCommitter extends AbstractStreamOperator<Void>
    implements OneInputStreamOperator<TableChange, Void> {
  @Serial private static final long serialVersionUID = 1;

  /** Longer than any write that is still alive. */
  private static final Duration LEFTOVERS_STAY = Duration.ofHours(1);

  private final NovaSettings settings;
  private transient ListState<byte[]> state;
  private transient @Nullable CommitterState restored;
  private transient List<TableChange> early;
  private transient @Nullable CommitChain chain;
  private transient Draft draft;
  private transient ArrayDeque<PendingLink> pending;
  private transient NavigableMap<Long, Tally> tallies;
  private transient Counter blockFiles;
  private transient Counter chunks;

  /** A link and the checkpoint of this run that must complete first. */
  private record PendingLink(long checkpointId, Link link) {}

  /** The committer of a job with these settings. */
  public TableCommitter(NovaSettings settings) {
    this.settings = settings;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    pending = new ArrayDeque<>();
    tallies = new TreeMap<>();
    state =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    "commit-chain", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    List<byte[]> stored = new ArrayList<>();
    state.get().forEach(stored::add);
    early = new ArrayList<>();
    restored = stored.isEmpty() ? null : CommitterState.read(stored.get(0));
    draft = restored == null ? Draft.first("", settings.shards()) : Draft.after(restored);
    NovaMetrics metrics = new NovaMetrics(getMetricGroup());
    blockFiles = metrics.counter("numBlockFilesWritten");
    chunks = metrics.counter("numChunksWritten");
    noteTotals();
  }

  @Override
  public void open() throws Exception {
    super.open();
    ClassLoaderCleanup.endWith(getRuntimeContext());
  }

  @Override
  public void processElement(StreamRecord<TableChange> element) {
    TableChange change = element.getValue();
    if (change.generation != null) {
      begin(change.generation);
    } else if (change.tally != null) {
      add(change.tally);
    } else if (chain == null) {
      early.add(change);
    } else {
      add(change);
    }
  }

  private void begin(String generation) {
    EventTable table = EventTable.find(settings.warehouse()).orElseThrow();
    if (restored == null) {
      chain = CommitChain.begin(table, generation);
      draft = Draft.first(chain.head(), settings.shards());
    } else {
      chain = CommitChain.resume(table, generation, restored, settings.acceptedGaps().toString());
    }
    early.forEach(this::add);
    early.clear();
    Leftovers.remove(Storage.configuration(), table.location(), LEFTOVERS_STAY);
  }

  private void add(TableChange change) {
    if (change.blockFile != null) {
      draft.add(change.blockFile);
    } else {
      draft.add(Objects.requireNonNull(change.chunk));
    }
  }

  private void add(TallyReport report) {
    tallies
        .computeIfAbsent(report.checkpointId, id -> new Tally())
        .add(TallyCodec.read(report.tally));
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    Tally tally = takeTally(context.getCheckpointId());
    mustBeDecided(tally);
    if (chain == null) {
      mustHaveNoFiles();
      return;
    }
    if (!draft.isEmpty()) {
      pending.add(
          new PendingLink(context.getCheckpointId(), draft.draw(chain.generation(), tally)));
      noteTotals();
    }
    List<Link> links = pending.stream().map(PendingLink::link).toList();
    state.update(List.of(draft.state(chain.head(), links).write()));
  }

  /** At a checkpoint before the generation is known: the restored state stays as it is. */
  private void mustHaveNoFiles() {
    if (!early.isEmpty()) {
      throw new IllegalStateException(
          "A checkpoint began after "
              + early.size()
              + " files but before the generation of this run. The checkpoint fails, the job"
              + " restarts, nothing is lost.");
    }
  }

  /** Takes the tally of a checkpoint. Older reports belong to checkpoints that failed. */
  private Tally takeTally(long checkpointId) {
    Tally tally = tallies.getOrDefault(checkpointId, new Tally());
    tallies.headMap(checkpointId, true).clear();
    return tally;
  }

  private static void mustBeDecided(Tally tally) {
    tally
        .byApp()
        .forEach(
            (app, counts) -> {
              if (counts.undecided() != 0) {
                throw new IllegalStateException(
                    ("App %s: received %s, admitted %s, duplicates %s, rejected %s. Expected "
                            + "received = admitted + duplicates + rejected at every checkpoint. The "
                            + "checkpoint fails, nothing is committed.")
                        .formatted(
                            app,
                            counts.received,
                            counts.admitted,
                            counts.duplicates,
                            counts.rejectedInAll()));
              }
            });
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    while (!pending.isEmpty() && pending.element().checkpointId() <= checkpointId) {
      Objects.requireNonNull(chain).apply(pending.element().link());
      pending.remove();
    }
  }

  /** Sets the counters to the totals, which are state: after a restore they start at those. */
  private void noteTotals() {
    blockFiles.inc(draft.totals().blockFiles() - blockFiles.getCount());
    chunks.inc(draft.totals().chunks() - chunks.getCount());
  }
}
