package io.nova.handoff;

/** The number of a batch: the upload time divided by the batch length, rounded down. */
public final class BatchNumbers {
  /** No batch. It is smaller than every batch number. */
  public static final long NONE = Long.MIN_VALUE;

  private BatchNumbers() {}
}
