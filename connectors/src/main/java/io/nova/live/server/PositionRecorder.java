package io.nova.live.server;

import io.nova.live.protocol.SubtaskView;
import java.io.IOException;

/** A durable record of the offsets that answers show. See {@link SubtaskView#behind()}. */
@FunctionalInterface
public interface PositionRecorder {
  /**
   * Records the offsets of a view. A server thread calls it before a pin of the view is answered.
   *
   * @throws IOException if it cannot be written; the pin is refused then
   */
  void record(SubtaskView view) throws IOException;
}
