package io.nova.job.handoff;

import io.nova.handoff.BatchRequest;
import io.nova.handoff.OpenRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An order of the handoff. It closes batches, or it has a request for the table committer to decide
 * and answer. A Flink POJO.
 *
 * <p>An order may be repeated after a restore.
 */
public final class BatchOrder {
  /** Close all batches up to this one; null in an order that has a request. */
  public @Nullable Long closeUpTo;

  /** Who asked for the close; {@code nova} where nobody did. */
  public @Nullable String by;

  /** The id of the request to answer; null in an order that closes. */
  public @Nullable String requestId;

  /** The stored form of a {@link BatchRequest}; null in an order that closes. */
  public byte @Nullable [] request;

  /** Kafka's id of the topic that the request was read from. */
  public @Nullable String topicId;

  /** The offset of the request in that topic. */
  public long offset;

  /** For Flink. */
  public BatchOrder() {}

  /** An order to close. */
  public static BatchOrder close(long upTo, String by) {
    BatchOrder order = new BatchOrder();
    order.closeUpTo = upTo;
    order.by = by;
    return order;
  }

  /** A request for the table committer. */
  public static BatchOrder apply(OpenRequest open, String topicId) {
    BatchOrder order = new BatchOrder();
    order.requestId = open.id();
    order.request = Objects.requireNonNull(open.request()).write();
    order.topicId = topicId;
    order.offset = open.offset();
    return order;
  }

  /** What is asked, of an order that has a request. */
  public BatchRequest request() {
    return BatchRequest.read(Objects.requireNonNull(request));
  }
}
