package io.nova.console.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.console.ask.AskException;
import io.nova.console.ask.CutPins;
import java.time.Duration;
import java.util.Map;

/** Pins a cut for several questions and for Flink SQL, and releases it. Thread-safe. */
public final class CutRoute implements Route {
  private static final long LONGEST_SECONDS = CutPins.LONGEST.toSeconds();

  private final CutPins pins;

  /** A route to these pins. */
  public CutRoute(CutPins pins) {
    this.pins = pins;
  }

  @Override
  public Reply handle(Request request) {
    return request.method().equals("DELETE") ? release(request) : pin(request);
  }

  private Reply release(Request request) {
    String id = request.id();
    pins.release(id);
    return Reply.json(Map.of("released", id));
  }

  private Reply pin(Request request) {
    long seconds;
    try {
      JsonNode form = AskForm.object(request.body());
      seconds = form.path("seconds").asLong();
    } catch (IllegalArgumentException e) {
      return Reply.error(400, String.valueOf(e.getMessage()));
    }
    if (seconds < 1 || seconds > LONGEST_SECONDS) {
      return Reply.error(
          400,
          "seconds: found %d, expected 1 to %d. Nothing was done."
              .formatted(seconds, LONGEST_SECONDS));
    }
    try {
      return Reply.json(Map.of("cut", pins.pin(Duration.ofSeconds(seconds)), "seconds", seconds));
    } catch (AskException e) {
      return Reply.error(503, String.valueOf(e.getMessage()));
    }
  }
}
