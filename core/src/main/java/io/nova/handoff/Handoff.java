package io.nova.handoff;

import io.nova.handoff.BatchAnswer.State;
import io.nova.handoff.BatchRequest.Kind;
import io.nova.handoff.HandoffState.AnsweredClose;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one place where closes are decided (docs/internals/handoff.md). It reads the records of the
 * topic {@code batches} in their order, and judges closes and retirements when a checkpoint begins:
 * progress is exact then.
 *
 * <p>A job may read a request again after a restore. So nothing is decided before the topic is read
 * up to its end: an answer that is there stands. Not thread safe.
 */
public final class Handoff {
  /** Who closes a batch that nobody asked for. */
  public static final String BY_ITSELF = "nova";

  private final CloseJudge judge;
  private final PartitionStates partitions;
  private final Orders orders;
  private final String topicId;
  private final List<AnsweredClose> waiting;
  private final Map<String, OpenRequest> open = new LinkedHashMap<>();
  private final NavigableMap<Long, Map<Integer, Long>> answeredCloses = new TreeMap<>();
  private final Map<String, Long> answeredAt = new LinkedHashMap<>();
  private long position;
  private long closed;
  private String closedBy;
  private boolean begun;

  /** Where decisions go. */
  public interface Orders {
    /**
     * Close all batches up to one.
     *
     * @param by who asked
     */
    void closeUpTo(long batch, String by);

    /** A request that the table committer decides and answers. */
    void apply(OpenRequest request);
  }

  /**
   * The handoff at a start of the job. It closes batches that were left to the batch layer once
   * more: shards and committer ignore that. So it need not know which batches are completed.
   */
  public Handoff(
      CloseJudge judge, PartitionStates partitions, HandoffState restored, Orders orders) {
    this.judge = judge;
    this.partitions = partitions;
    this.orders = orders;
    topicId = restored.topicId();
    position = restored.position();
    closed = restored.closed();
    closedBy = restored.closedBy();
    waiting = new ArrayList<>(restored.waiting());
    restored.open().forEach(request -> open.put(request.id(), request));
  }

  /**
   * Reads a record of the topic. One at or below the position is skipped.
   *
   * @param nowMs milliseconds since 1970
   */
  public void read(BatchRecord record, long nowMs) {
    if (record.offset() <= position) {
      return;
    }
    position = record.offset();
    if (BatchRecord.ANSWER.equals(record.kind())) {
      readAnswer(record);
    } else if (record.key() != null && !open.containsKey(record.key())) {
      readRequest(record.key(), record, nowMs);
    }
  }

  /** An answer that cannot be read was not written by this job. It says nothing. */
  private void readAnswer(BatchRecord record) {
    try {
      BatchAnswer answer = BatchAnswer.read(record.utf8());
      if (answer.request() != null && open.remove(answer.request()) != null) {
        answeredAt.remove(answer.request());
      }
      repeat(answer);
    } catch (IllegalArgumentException unreadable) {
      return;
    }
  }

  /** Repeats what an answer says, at the offsets that it names. */
  private void repeat(BatchAnswer answer) {
    if (answer.state() == State.CLOSED && answer.batch() != null && !begun) {
      answeredCloses.putIfAbsent(answer.batch(), answer.offsets());
    } else if (answer.state() == State.RETIRED) {
      answer.offsets().forEach(partitions::retire);
    }
  }

  private void readRequest(String id, BatchRecord record, long nowMs) {
    OpenRequest request = parsed(id, record, nowMs);
    open.put(id, request);
    if (begun) {
      order(request);
    }
  }

  private static OpenRequest parsed(String id, BatchRecord record, long nowMs) {
    try {
      mustBeRequest(record.kind());
      BatchRequest request = BatchRequest.read(record.utf8());
      mustBeWhole(request);
      return new OpenRequest(id, record.offset(), request, null);
    } catch (IllegalArgumentException e) {
      String reason =
          "Offset %d: %s. Found '%s'. Nothing is changed."
              .formatted(record.offset(), e.getMessage(), record.shortValue());
      return new OpenRequest(
          id, record.offset(), null, BatchAnswer.refused(id, null, reason, nowMs));
    }
  }

  private static void mustBeRequest(@Nullable String kind) {
    if (!BatchRecord.REQUEST.equals(kind)) {
      throw new IllegalArgumentException(
          "header %s: found %s, expected %s or %s"
              .formatted(BatchRecord.KIND, kind, BatchRecord.REQUEST, BatchRecord.ANSWER));
    }
  }

  @SuppressWarnings("ConstantValue") // JSON may lack any field
  private static void mustBeWhole(BatchRequest request) {
    if (request.kind() == null || request.by() == null) {
      throw new IllegalArgumentException("a request needs kind and by");
    }
    boolean whole =
        switch (request.kind()) {
          case CLOSE, COMPLETE, WITHDRAW -> request.batch() != null;
          case RETIRE -> request.partition() != null;
          case EXPIRE -> true;
        };
    if (!whole) {
      throw new IllegalArgumentException(
          request.kind() == Kind.RETIRE ? "partition is missing" : "batch is missing");
    }
    if (request.batch() != null && request.batch() < 0) {
      throw new IllegalArgumentException(
          "batch: found %d, expected 0 or more".formatted(request.batch()));
    }
  }

  /**
   * Begins to decide: the topic has been read up to its end. The closed number goes out again, and
   * so does every request that has no answer.
   */
  public void begin() {
    begun = true;
    if (closed != BatchNumbers.NONE) {
      orders.closeUpTo(closed, closedBy);
    }
    answeredCloses.tailMap(closed, false).forEach(this::waitFor);
    open.values().removeIf(this::isAnswered);
    open.values().forEach(this::order);
  }

  /** An answered close takes effect again where its answer says. */
  private void waitFor(long batch, Map<Integer, Long> offsets) {
    String by =
        open.values().stream()
            .filter(request -> isClose(request, batch, batch))
            .map(request -> Objects.requireNonNull(request.request()).by())
            .findFirst()
            .orElse(BY_ITSELF);
    waiting.add(new AnsweredClose(batch, by, offsets));
  }

  private boolean isAnswered(OpenRequest request) {
    return !answeredCloses.isEmpty()
        && isClose(request, BatchNumbers.NONE, answeredCloses.lastKey());
  }

  private static boolean isClose(OpenRequest open, long from, long to) {
    BatchRequest request = open.request();
    return request != null
        && request.kind() == Kind.CLOSE
        && request.batch() != null
        && from <= request.batch()
        && request.batch() <= to;
  }

  private void order(OpenRequest request) {
    if (request.request() != null && !request.isJudgedHere()) {
      orders.apply(request);
    }
  }

  /**
   * Judges what is open. For the time before a checkpoint, when all progress up to it has arrived.
   *
   * @param nowMs milliseconds since 1970
   */
  public void judge(long nowMs) {
    if (begun) {
      takeAgain();
      List.copyOf(open.values()).forEach(request -> judge(request, nowMs));
      closeByItself();
    }
  }

  private void takeAgain() {
    for (AnsweredClose close : List.copyOf(waiting)) {
      if (close.batch() <= closed || partitions.isReadTo(close.offsets())) {
        waiting.remove(close);
        close(close.batch(), close.by());
      }
    }
  }

  private void judge(OpenRequest open, long nowMs) {
    BatchRequest request = open.request();
    if (request == null || open.answer() != null) {
      return;
    }
    if (request.kind() == Kind.CLOSE) {
      judgeClose(open, request, nowMs);
    } else if (request.kind() == Kind.RETIRE) {
      judgeRetirement(open, request, nowMs);
    }
  }

  @SuppressWarnings("NullAway") // a close has a batch, see mustBeWhole
  private void judgeClose(OpenRequest asked, BatchRequest request, long nowMs) {
    long batch = request.batch();
    Optional<String> refusal =
        batch <= closed
            ? Optional.empty()
            : judge.refusal(partitions, batch, request.force(), request.leaveOut());
    if (refusal.isPresent()) {
      answer(asked, BatchAnswer.refused(asked.id(), batch, refusal.get(), nowMs));
    } else {
      open.remove(asked.id());
      close(batch, request.by());
    }
  }

  @SuppressWarnings("NullAway") // a retirement has a partition, see mustBeWhole
  private void judgeRetirement(OpenRequest asked, BatchRequest request, long nowMs) {
    int partition = request.partition();
    BatchAnswer answer =
        judge
            .refusalToRetire(partitions, partition)
            .map(reason -> BatchAnswer.refused(asked.id(), null, reason, nowMs))
            .orElseGet(() -> retired(asked.id(), partition, nowMs));
    answer(asked, answer);
  }

  private BatchAnswer retired(String id, int partition, long nowMs) {
    long at = partitions.retire(partition);
    String detail =
        "No close waits for partition %d, which is read up to offset %d, until its next record."
            .formatted(partition, at);
    return new BatchAnswer(
        BatchJson.VERSION, id, State.RETIRED, null, null, Map.of(partition, at), detail, nowMs);
  }

  private void answer(OpenRequest asked, BatchAnswer answer) {
    open.put(asked.id(), asked.with(answer));
  }

  private void closeByItself() {
    close(judge.automatic(partitions), BY_ITSELF);
  }

  /** The table and the committer's answer say when the batch is closed. */
  private void close(long batch, String by) {
    if (batch > closed) {
      closed = batch;
      closedBy = by;
      orders.closeUpTo(batch, by);
    }
  }

  /** The state for a checkpoint. Its answers go out when it is complete. */
  public HandoffState snapshot(long checkpointId) {
    for (OpenRequest request : open.values()) {
      if (request.answer() != null) {
        answeredAt.putIfAbsent(request.id(), checkpointId);
      }
    }
    return new HandoffState(
        BatchJson.VERSION,
        topicId,
        position,
        closed,
        closedBy,
        partitions.stored(),
        waiting,
        List.copyOf(open.values()));
  }

  /** The answers that a completed checkpoint has in its state, each once in a run of the job. */
  public List<BatchAnswer> complete(long checkpointId) {
    List<BatchAnswer> due = new ArrayList<>();
    if (begun) {
      for (OpenRequest request : open.values()) {
        Long at = answeredAt.get(request.id());
        if (request.answer() != null && at != null && at <= checkpointId) {
          due.add(request.answer());
          answeredAt.put(request.id(), Long.MAX_VALUE);
        }
      }
    }
    return due;
  }

  /** All batches up to this one are closed; {@link BatchNumbers#NONE} before any. */
  public long closed() {
    return closed;
  }

  /** The batch whose close a partition holds; empty if there is none. */
  public Optional<HeldClose> held() {
    return judge.held(partitions, closed);
  }

  /** The partitions, for their progress. */
  public PartitionStates partitions() {
    return partitions;
  }
}
