package io.nova.handoff;

import io.nova.handoff.BatchRequest.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A request without an answer in the topic.
 *
 * @param id the request id
 * @param offset its offset in the topic
 * @param request what is asked; null if it cannot be read
 * @param answer the answer that goes to the topic after a checkpoint; null while nothing is decided
 *     here, and for a request that the table committer answers
 */
public record OpenRequest(
    String id, long offset, @Nullable BatchRequest request, @Nullable BatchAnswer answer) {
  OpenRequest with(BatchAnswer decided) {
    return new OpenRequest(id, offset, request, decided);
  }

  /** Whether it is judged when a checkpoint begins, since then progress is exact. */
  boolean isJudgedHere() {
    return request != null && (request.kind() == Kind.CLOSE || request.kind() == Kind.RETIRE);
  }
}
