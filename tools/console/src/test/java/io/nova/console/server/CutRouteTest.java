package io.nova.console.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.console.ask.CutPins;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CutRouteTest {
  private final CutRoute route =
      new CutRoute(
          new CutPins() {
            @Override
            public String pin(Duration longest) {
              return "cut-" + longest.toSeconds();
            }

            @Override
            public void release(String id) {}
          });

  private Reply pin(int seconds) {
    byte[] body = "{\"seconds\":%d}".formatted(seconds).getBytes(StandardCharsets.UTF_8);
    return route.handle(new Request("POST", "", Map.of(), "", body));
  }

  @Test
  void aPinTakesAtMostAsLongAsItsLeases() {
    assertThat(new String(pin(600).body(), StandardCharsets.UTF_8)).contains("cut-600");
    assertThat(pin(601).status()).isEqualTo(400);
    assertThat(new String(pin(601).body(), StandardCharsets.UTF_8)).contains("expected 1 to 600");
  }
}
