package io.nova.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, UTF_8);

  @Test
  void terminalIsDrawnOverAndLinesAreCutToItsWidth() {
    ProgressDisplay display = new ProgressDisplay(out, true, 5);
    display.show(List.of("one", "too long"));
    display.show(List.of("two"));
    assertThat(bytes.toString(UTF_8))
        .isEqualTo("one\ntoo \n\u001b[1A\u001b[2K\u001b[1A\u001b[2Ktwo\n");
  }

  @Test
  void pipeGetsALineNowAndThenAndNoControlCharacters() {
    ProgressDisplay display = new ProgressDisplay(out, false, 5);
    display.show(List.of("one", "not cut"));
    display.show(List.of("too soon"));
    display.say("said");
    assertThat(bytes.toString(UTF_8)).isEqualTo("one | not cut\nsaid\n");
  }

  @Test
  void barShowsPartCountAndSpeed() {
    assertThat(FigureLines.bar("sending", 500, OptionalLong.of(1_000), 2))
        .isEqualTo("sending [############............]  50 % · 500 of 1,000 · 250/s");
    assertThat(FigureLines.bar("sending", 500, OptionalLong.empty(), 2))
        .isEqualTo("sending 500 · 250/s");
  }
}
