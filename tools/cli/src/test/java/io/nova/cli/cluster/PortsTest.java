package io.nova.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {
  @Test
  void zerosBecomeFreePorts() {
    Ports ports = Ports.FREE.resolved();
    assertThat(ports.kafka()).isBetween(20_000, 32_000);
    assertThat(ports.gateway()).isBetween(20_000, 32_000);
  }

  @Test
  void portInUseIsNamedWithItsOption() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Ports ports = new Ports(0, 0, taken.getLocalPort(), 0, 0, 0, 0, 0);
      assertThatThrownBy(ports::resolved)
          .isInstanceOf(CommandException.class)
          .hasMessageContaining("Port " + taken.getLocalPort())
          .hasMessageContaining("--rest-port");
    }
  }
}
