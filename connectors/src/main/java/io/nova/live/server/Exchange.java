package io.nova.live.server;

import io.nova.live.protocol.LiveException;

/** A request that waits for its answer. Its methods may be called by any thread. */
interface Exchange {
  /** Answers with JSON, or with nothing where {@code body} is empty. */
  void answer(int status, byte[] body);

  /**
   * Answers with more bytes of a stream; the first call begins it.
   *
   * @param whenOut called when the client has taken them, so that more may come
   */
  void stream(byte[] bytes, Runnable whenOut);

  /** Ends a stream with these bytes. */
  void endStream(byte[] bytes);

  /**
   * Refuses the request; a stream that has begun is broken off, so that no one takes it for whole.
   */
  void refuse(LiveException reason);

  /** Whether the client has gone, so that nothing more need be done. */
  boolean gone();
}
