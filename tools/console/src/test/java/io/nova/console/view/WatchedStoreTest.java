package io.nova.console.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedStoreTest {
  @TempDir Path folder = Path.of("");

  private String token(Map<String, String> options) {
    return WatchedStore.liveToken(options, folder);
  }

  @Test
  void liveTokenIsReadFromItsFile() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), " of the file\n");

    assertThat(token(Map.of("nova.live.token-file", file.toString()))).isEqualTo("of the file");
    assertThat(token(Map.of("nova.live.token-file", "token"))).isEqualTo("of the file");
    assertThat(token(Map.of("nova.live.token", "given"))).isEqualTo("given");
    assertThat(token(Map.of())).isEmpty();
  }

  @Test
  void liveTokenFileThatCannotBeReadIsNamed() {
    assertThatThrownBy(() -> token(Map.of("nova.live.token-file", "none")))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("nova.live.token-file: found none")
        .hasMessageContaining("The live servers were not asked.");
  }
}
