package io.nova.iceberg.commit;

/**
 * What became of a request to complete or withdraw a batch.
 *
 * @param outcome done or refused
 * @param detail a complete sentence for the one who asked
 */
public record HandoffResult(Outcome outcome, String detail) {
  /** What became of a request. */
  public enum Outcome {
    /** The table is as the request asks: changed by it, or before it. */
    DONE,
    /** Nothing was changed but the position of the last request. */
    REFUSED
  }

  static HandoffResult done(String detail) {
    return new HandoffResult(Outcome.DONE, detail);
  }

  static HandoffResult refused(String detail) {
    return new HandoffResult(Outcome.REFUSED, detail);
  }
}
