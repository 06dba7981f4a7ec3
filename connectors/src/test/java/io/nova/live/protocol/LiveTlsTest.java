package io.nova.live.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.nova.live.client.LiveClient;
import io.nova.live.server.LiveServerOptions;
import io.nova.live.server.ServedShard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveTlsTest {
  private static final String PASSWORD = "password";

  @TempDir private Path folder;

  /** Makes a store with a new key, whose certificate has the name of no host. */
  private LiveTls.Store store(String name) throws IOException, InterruptedException {
    Path file = folder.resolve(name);
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "nova",
                "-keyalg",
                "EC",
                "-dname",
                "CN=nova.internal",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    return new LiveTls.Store(file, PASSWORD, PASSWORD);
  }

  private static LiveServerOptions options(SSLContext tls) {
    return LiveServerOptions.of("127.0.0.1", 0, 0, ServedShard.TOKEN, Optional.of(tls));
  }

  @Test
  void rowsComeOverTlsByAKeyOfOurOwnAndNoOthersAreTrusted()
      throws IOException, InterruptedException {
    LiveTls.Store ours = store("ours");
    SSLContext tls = LiveTls.context(Optional.of(ours), ours);
    try (ServedShard served = new ServedShard(options(tls))) {
      served.admit(30_000);
      served.publish();
      PinnedView pinned = served.pin();
      assertThat(served.all(pinned))
          .isEqualTo(ServedShard.columns(served.rows, ServedShard.allColumns()));

      SSLContext others = LiveTls.context(Optional.empty(), store("others"));
      LiveClient stranger =
          new LiveClient(Optional.of(others), ServedShard.TOKEN, Duration.ofSeconds(30));
      assertThatIOException()
          .isThrownBy(() -> stranger.pin(served.announcement()))
          .withMessageContaining("did not answer");
      try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), served.server.port())) {
        plain.setSoTimeout(30_000);
        plain.getOutputStream().write("POST / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .doesNotContain("HTTP");
      }
      assertThat(served.ask(pinned, List.of(), "true", 10)).hasSize(10);
    }
  }

  @Test
  void storeThatCannotBeReadIsNamed() {
    LiveTls.Store missing = new LiveTls.Store(folder.resolve("none"), PASSWORD, PASSWORD);

    assertThatIOException()
        .isThrownBy(() -> LiveTls.context(Optional.empty(), missing))
        .withMessageContaining("none");
  }
}
