package io.nova.kafka.batches.client;

import io.nova.handoff.BatchAnswer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request, as far as a client knows.
 *
 * @param request the request id; null where nothing had to be asked
 * @param batch the batch; null where the request has none
 * @param link UUID of the link that closed the batch; null before that
 * @param detail sentences for the one who asked; may be empty
 */
public record BatchResult(
    State state,
    @Nullable String request,
    @Nullable Long batch,
    @Nullable String link,
    String detail) {
  /** The state of a request. */
  public enum State {
    CLOSED,
    COMPLETED,
    WITHDRAWN,
    RETIRED,
    EXPIRED,
    /** Nothing was changed. */
    REFUSED,
    /** The job has not decided yet. The request is kept. */
    PENDING;

    /** The name in results, such as {@code closed}. */
    public String title() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static BatchResult of(BatchAnswer answer) {
    return new BatchResult(
        State.valueOf(answer.state().name()),
        answer.request(),
        answer.batch(),
        answer.link(),
        answer.detail());
  }

  BatchResult withRequest(String id) {
    return new BatchResult(state, id, batch, link, detail);
  }

  BatchResult withDetail(String text) {
    return new BatchResult(state, request, batch, link, text);
  }
}
