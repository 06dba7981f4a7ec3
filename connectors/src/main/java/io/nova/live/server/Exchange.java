package io.nova.live.server;

import io.nova.live.protocol.LiveException;

/** A request that waits for its answer. Any thread may call its methods. */
interface Exchange {
  /** Answers with JSON, or without a body if {@code body} is empty. */
  void answer(int status, byte[] body);

  /**
   * Sends the next bytes of a stream; the first call begins it.
   *
   * @param whenOut called when the bytes are sent and the client can take more
   */
  void stream(byte[] bytes, Runnable whenOut);

  /** Sends the last bytes of a stream. */
  void endStream(byte[] bytes);

  /**
   * Refuses the request. A stream that has begun ends with the reason, so that the client cannot
   * take it for complete.
   */
  void refuse(LiveException reason);

  /** Whether the client has disconnected, so that no answer is needed. */
  boolean gone();
}
