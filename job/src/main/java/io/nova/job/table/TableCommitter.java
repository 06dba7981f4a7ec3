package io.nova.job.table;

import io.nova.event.Tally;
import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.ClosedBatch;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.CommitterState;
import io.nova.iceberg.commit.Draft;
import io.nova.iceberg.commit.HaltPoint;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.iceberg.commit.Link;
import io.nova.iceberg.lifecycle.HandoffBacklog;
import io.nova.job.ClassLoaderCleanup;
import io.nova.job.handoff.BatchOrder;
import io.nova.job.metrics.NovaMetrics;
import io.nova.job.metrics.TallyCodec;
import io.nova.job.metrics.TallyReport;
import io.nova.job.options.NovaSettings;
import io.nova.metric.NovaMetric;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.RunCheckpoint;
import java.io.Serial;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * it makes a link of the commit chain. It applies the link when the checkpoint is complete and the
 * last commit is older than {@code nova.commit.interval}. Until then the next checkpoint's link
 * takes its files over. A link that closes batches is applied at once.
 *
 * <p>A link closes batches if that was ordered, every shard has sealed them, and chunks have
 * replaced all their block files. Requests to complete or withdraw a batch are applied at once:
 * they change properties of the table, no rows. Its output are the answers to requests.
 *
 * <p>The chain begins or continues once the generation of this run is known; earlier input waits
 * for that. At every checkpoint the committer checks that each received message has a decision.
 */
public final class TableCommitter extends AbstractStreamOperator<BatchAnswer>
    implements OneInputStreamOperator<TableChange, BatchAnswer> {
  @Serial private static final long serialVersionUID = 1;

  private final NovaSettings settings;
  private transient ListState<byte[]> state;
  private transient @Nullable CommitterState restored;
  private transient List<TableChange> early;
  private transient @Nullable CommitChain chain;
  private transient @Nullable TableRequests requests;
  private transient volatile Figures figures;
  private transient @Nullable LifecycleTask lifecycle;
  private transient CheckpointedLinks checkpointed;
  private transient Draft draft;
  private transient ArrayDeque<PendingLink> pending;
  private transient NavigableMap<Long, Barrier> barriers;
  private transient long completedAtStart;
  private transient long committedMs;
  private transient boolean drained;
  private transient CommitAge age;
  private transient Counter blockFiles;
  private transient Counter chunks;

  /** What metrics show. A batch number is -1 where there is none. */
  private record Figures(
      long closed, long completed, long deleted, long unmerged, HandoffBacklog backlog) {
    private static final Figures NONE = new Figures(-1, -1, -1, 0, HandoffBacklog.NONE);

    static long shown(long batch) {
      return batch == BatchNumbers.NONE ? -1 : batch;
    }
  }

  /** A link and the checkpoint of this run that must complete first. */
  private record PendingLink(long checkpointId, Link link) {}

  /** What the subtasks report at the barrier of a checkpoint. */
  private static final class Barrier {
    private final Tally tally = new Tally();
    private final Map<Integer, Long> offsets = new TreeMap<>();

    void add(TallyReport report) {
      tally.add(TallyCodec.read(report.tally));
      report.nextOffsets().forEach((partition, next) -> offsets.merge(partition, next, Math::max));
    }
  }

  /** The committer of a job with these settings. */
  public TableCommitter(NovaSettings settings) {
    this.settings = settings;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    pending = new ArrayDeque<>();
    barriers = new TreeMap<>();
    completedAtStart = BatchNumbers.NONE;
    committedMs = -settings.lifecycle().commitInterval().toMillis();
    checkpointed = new CheckpointedLinks();
    age = new CommitAge();
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
    blockFiles = metrics.counter(NovaMetric.BLOCK_FILES);
    chunks = metrics.counter(NovaMetric.CHUNKS);
    figures = Figures.NONE;
    metrics.gauge(NovaMetric.NOT_COMMITTED, this::notCommittedSeconds);
    metrics.gauge(NovaMetric.TAGGED_BATCH, () -> figures.closed());
    metrics.gauge(NovaMetric.COMPLETED_BATCH, () -> figures.completed());
    metrics.gauge(NovaMetric.DELETED_BATCH, () -> figures.deleted());
    metrics.gauge(NovaMetric.UNMERGED_FILES, () -> figures.unmerged());
    metrics.gauge(NovaMetric.CLOSED_NOT_COMPLETED, () -> figures.backlog().batches());
    metrics.gauge(
        NovaMetric.CLOSED_NOT_COMPLETED_SECONDS,
        () -> figures.backlog().ageSeconds(System.currentTimeMillis()));
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
      barriers.computeIfAbsent(change.tally.checkpointId, id -> new Barrier()).add(change.tally);
    } else if (chain == null) {
      early.add(change);
    } else {
      add(change);
    }
  }

  private void begin(String generation) {
    EventTable table = EventTable.find(settings.catalog()).orElseThrow();
    CommitChain begun = beginOrResume(table, generation);
    chain = begun;
    LifecycleTask task =
        new LifecycleTask(
            table,
            begun,
            settings.handoff(),
            settings.lifecycle(),
            () -> checkpointed.named(),
            getProcessingTimeService());
    requests = new TableRequests(begun, settings.handoff(), task::run, this::answer);
    if (restored != null) {
      restored.pending().forEach(this::announce);
    }
    early.forEach(this::add);
    early.clear();
    lifecycle = task;
    NovaMetrics metrics = new NovaMetrics(getMetricGroup());
    metrics.gauge(NovaMetric.SNAPSHOTS, () -> task.figures().snapshots());
    metrics.gauge(NovaMetric.METADATA_BYTES, () -> task.figures().metadataBytes());
    metrics.gauge(NovaMetric.DISK_DAYS_LEFT, task::diskDays);
  }

  private CommitChain beginOrResume(EventTable table, String generation) {
    if (restored != null) {
      CommitChain resumed =
          CommitChain.resume(table, generation, restored, settings.acceptedGaps().toString());
      draft.handOff(resumed.handedOff());
      completedAtStart = resumed.handoff().completed();
      return resumed;
    }
    CommitChain begun = CommitChain.begin(table, generation);
    draft = Draft.first(begun.head(), settings.shards());
    return begun;
  }

  long notCommittedSeconds() {
    return age.seconds(getProcessingTimeService().getCurrentProcessingTime());
  }

  /** A file of a batch that was handed off waits for nothing. */
  private void waits(boolean kept) {
    if (kept) {
      age.file(getProcessingTimeService().getCurrentProcessingTime());
    }
  }

  private void add(TableChange change) {
    if (change.blockFile != null) {
      waits(draft.add(change.blockFile));
    } else if (change.chunk != null) {
      waits(draft.add(change.chunk));
    } else if (change.sealed != null) {
      mustHaveSeen(change.sealed.completed());
      draft.sealed(change.sealed.shard(), change.sealed.batch());
    } else {
      add(Objects.requireNonNull(change.order));
    }
  }

  private void add(BatchOrder order) {
    if (order.closeUpTo != null) {
      draft.close(order.closeUpTo, Objects.requireNonNull(order.by));
    } else {
      Objects.requireNonNull(requests).apply(order);
    }
  }

  private void answer(BatchAnswer answer) {
    HaltPoint.ANSWER.reached();
    output.collect(new StreamRecord<>(answer));
  }

  /** Says which batches an applied link has closed. After a restore that may be a repeat. */
  private void announce(Link link) {
    if (link.closes() == null) {
      return;
    }
    for (ClosedBatch closed : Objects.requireNonNull(chain).closed().batches()) {
      if (closed.link().equals(link.uuid())) {
        answer(
            BatchAnswer.closed(
                null,
                closed.batch(),
                closed.link(),
                link.offsets(),
                getProcessingTimeService().getCurrentProcessingTime()));
      }
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    Barrier barrier = take(context.getCheckpointId());
    mustBeDecided(barrier.tally);
    if (chain == null) {
      mustHaveNoFiles();
      return;
    }
    mustHaveSeenCompletion();
    draft.takenBy(
        begun(restored).with(new RunCheckpoint(chain.generation(), context.getCheckpointId())),
        getProcessingTimeService().getCurrentProcessingTime());
    if (!draft.isEmpty()) {
      takeBackPending();
      Link link = draft.draw(chain.generation(), barrier.tally, barrier.offsets);
      if (link.closes() != null) {
        HaltPoint.CLOSING_LINK.reached();
      }
      pending.add(new PendingLink(context.getCheckpointId(), link));
      age.drawn();
      noteTotals();
    }
    List<Link> links = pending.stream().map(PendingLink::link).toList();
    CommitterState taken = draft.state(chain.head(), links);
    checkpointed.taken(context.getCheckpointId(), taken);
    state.update(List.of(taken.write()));
  }

  /** One commit then has the files of several checkpoints. A close is committed by itself. */
  private void takeBackPending() {
    while (!pending.isEmpty() && pending.getLast().link().closes() == null) {
      draft.takeBack(pending.removeLast().link());
    }
  }

  private static Ancestry begun(@Nullable CommitterState from) {
    return from == null ? Ancestry.NONE : from.lineage();
  }

  /**
   * The shards read which batches are completed when they began, and the chain when it began. A
   * former job may have completed or withdrawn one in between.
   */
  private void mustHaveSeen(long completed) {
    if (completed != completedAtStart) {
      throw new IllegalStateException(
          ("A batch was completed or withdrawn while this job started: the shards found completed"
                  + " batches up to %s, the table has them up to %s (%s is none). The job restarts,"
                  + " nothing is lost.")
              .formatted(completed, completedAtStart, BatchNumbers.NONE));
    }
  }

  private void mustHaveSeenCompletion() {
    if (completedAtStart != BatchNumbers.NONE && !draft.isSealed(completedAtStart)) {
      mustHaveSeen(BatchNumbers.NONE);
    }
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

  /** Takes the reports of a checkpoint. Older ones belong to checkpoints that failed. */
  private Barrier take(long checkpointId) {
    Barrier barrier = barriers.getOrDefault(checkpointId, new Barrier());
    barriers.headMap(checkpointId, true).clear();
    return barrier;
  }

  private static void mustBeDecided(Tally tally) {
    tally
        .byApp()
        .forEach(
            (app, counts) -> {
              if (counts.undecided() != 0) {
                throw new IllegalStateException(
                    ("App %s: received %s, admitted %s, duplicates %s, rejected %s. Expected"
                            + " received = admitted + duplicates + rejected at every checkpoint. The"
                            + " checkpoint fails, nothing is committed.")
                        .formatted(
                            app,
                            counts.received,
                            counts.admitted,
                            counts.duplicates,
                            counts.rejectedInAll()));
              }
            });
  }

  /** The last checkpoint of a drain is committed at once. Flink calls it in a drain only. */
  @Override
  public void finish() throws Exception {
    drained = true;
    super.finish();
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    long nowMs = getProcessingTimeService().getCurrentProcessingTime();
    boolean due =
        drained
            || nowMs - committedMs >= settings.lifecycle().commitInterval().toMillis()
            || pending.stream().anyMatch(one -> one.link().closes() != null);
    while (due && !pending.isEmpty() && pending.element().checkpointId() <= checkpointId) {
      committedMs = nowMs;
      Link link = pending.element().link();
      Objects.requireNonNull(chain).apply(link);
      pending.remove();
      announce(link);
    }
    if (pending.isEmpty()) {
      age.committed();
    }
    if (checkpointed.completed(checkpointId) && chain != null) {
      HandoffProperties handoff = chain.handoff();
      draft.forget(handoff.deleted(), handoff.firstTagged());
      Objects.requireNonNull(lifecycle).begin();
    }
    noteFigures();
  }

  private void noteFigures() {
    if (chain != null) {
      HandoffProperties handoff = chain.handoff();
      figures =
          new Figures(
              Figures.shown(Math.max(chain.closed().greatest(), handoff.completed())),
              Figures.shown(handoff.completed()),
              Figures.shown(handoff.deleted()),
              draft.unmerged(),
              HandoffBacklog.of(handoff));
    }
  }

  /** Sets the counters to the totals, which are state: after a restore they start at those. */
  private void noteTotals() {
    blockFiles.inc(draft.totals().blockFiles() - blockFiles.getCount());
    chunks.inc(draft.totals().chunks() - chunks.getCount());
    noteFigures();
  }
}
