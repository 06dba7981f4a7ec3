package io.nova.live.protocol;

/**
 * The paths of a live server, and the trailer of its answers. Every request is a POST with a body
 * in JSON.
 */
public final class LivePaths {
  /** Pins the current view: {@link LiveJson.PinRequest} to {@link PinnedView}. */
  public static final String PIN = "/v1/pin";

  /** Reads rows of a pinned view: {@link RowsRequest} to an Avro data file. */
  public static final String ROWS = "/v1/rows";

  /** Reads newer rows of open blocks: {@link BlocksRequest} to an Avro data file. */
  public static final String BLOCKS = "/v1/blocks";

  /** Releases a lease: {@link LiveJson.ReleaseRequest} to an empty answer. */
  public static final String RELEASE = "/v1/release";

  /**
   * The trailer of an answer with rows: {@link #WHOLE}, or the reason why they break off, as a form
   * encodes it. An answer without it is broken.
   */
  public static final String END = "Nova-End";

  /** The value of {@link #END} of an answer that has all rows. */
  public static final String WHOLE = "whole";

  private LivePaths() {}
}
