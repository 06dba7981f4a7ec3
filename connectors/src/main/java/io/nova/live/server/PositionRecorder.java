package io.nova.live.server;

import io.nova.live.protocol.SubtaskView;
import java.io.IOException;

/** Writes down what is about to be shown, before it is: see {@link SubtaskView#behind()}. */
@FunctionalInterface
public interface PositionRecorder {
  /**
   * Called on a server thread before a pin of this view is answered; the answer waits.
   *
   * @throws IOException where it could not be written down; the pin is refused then
   */
  void note(SubtaskView view) throws IOException;
}
