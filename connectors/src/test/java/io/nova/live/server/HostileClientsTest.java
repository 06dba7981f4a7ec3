package io.nova.live.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.live.protocol.LiveException;
import io.nova.live.protocol.PinnedView;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that cost a live server connections, memory or time. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileClientsTest {
  private RawClients clients;

  @AfterEach
  void stop() throws IOException {
    clients.close();
  }

  @Test
  void halfARequestIsClosedAfterATime() throws IOException, InterruptedException {
    clients = new RawClients(Duration.ofMillis(500), Duration.ofSeconds(60));
    Socket nothing = clients.connect();
    Socket half = clients.connect();
    RawClients.send(half, "POST /v1/pin HTTP/1.1\r\nAuthoriza");
    Socket body = clients.connect();
    RawClients.send(
        body, RawClients.request("POST", "/v1/pin", "Content-Length: 30\r\n", "{\"gen"));
    RawClients.await(() -> clients.served.server.connections() == 1);

    assertThat(RawClients.answerUntilClosed(nothing)).isEmpty();
    assertThat(RawClients.answerUntilClosed(half)).isEmpty();
    assertThat(RawClients.answerUntilClosed(body)).isEmpty();
    RawClients.await(() -> clients.served.server.connections() == 0);
  }

  @Test
  void clientThatStopsReadingIsClosedAndHoldsUpNoOne() throws Exception {
    clients = new RawClients(Duration.ofSeconds(3), Duration.ofSeconds(60));
    clients.served.admit(40_000);
    clients.served.spill();
    clients.served.publish();
    PinnedView pinned = clients.served.pin();
    int segments = clients.served.view().open().get(0).segments().size();
    String columns = ServedShard.allColumns().toString();
    String body =
        "{\"lease\":\"%s\",\"shards\":[3],\"columns\":%s,\"filter\":\"true\",\"limit\":1000000}"
            .formatted(pinned.lease(), columns);
    for (int i = 0; i < 6; i++) {
      Socket socket = new Socket();
      socket.setReceiveBufferSize(16 * 1024);
      socket.connect(clients.connect().getRemoteSocketAddress());
      clients.sockets.add(socket);
      RawClients.send(socket, RawClients.post("/v1/rows", body));
      InputStream in = socket.getInputStream();
      assertThat(in.read()).isEqualTo('H');
    }

    Thread.sleep(1000);
    int read = clients.served.fetches.get();
    assertThat(read).as("of %s segments for each client", segments).isLessThan(6 * segments / 2);
    clients.served.client.renew(clients.served.announcement(), pinned.lease());
    assertThat(clients.served.ask(pinned, List.of(5), "true", 1_000)).hasSize(1_000);
    RawClients.await(() -> clients.served.server.connections() == 0);
    assertThat(clients.served.fetches.get()).isLessThan(read + segments);
  }

  @Test
  void connectionsWithoutTheTokenTakeNobodysPlace() throws IOException, InterruptedException {
    clients = new RawClients();
    String stranger = "POST /v1/pin HTTP/1.1\r\nAuthorization: Bearer guess\r\n";
    for (int i = 0; i < 1_500; i++) {
      Socket socket = clients.connect();
      try {
        RawClients.send(socket, i % 2 == 0 ? "P" : stranger);
      } catch (SocketException closed) {
        assertThat(closed).hasMessageNotContaining("timed out");
      }
    }

    clients.assertServes();
    RawClients.await(() -> clients.served.server.connections() == 0);
  }

  @Test
  void connectionsWithTheTokenAreRefusedClearlyBeyondTheLimitAndThenItServesAgain()
      throws IOException, InterruptedException {
    clients = new RawClients();
    for (int i = 0; i < 300; i++) {
      RawClients.send(
          clients.connect(),
          RawClients.request("POST", "/v1/pin", "Content-Length: 30\r\n", "{\"gen"));
    }
    RawClients.await(() -> clients.served.server.connections() == 256);
    assertThatThrownBy(() -> clients.served.pin())
        .isInstanceOfSatisfying(LiveException.class, e -> assertThat(e.status()).isEqualTo(503))
        .hasMessageContaining("256 connections");
    for (Socket socket : clients.sockets) {
      socket.close();
    }
    RawClients.await(() -> clients.served.server.connections() == 0);

    RawClients.await(() -> serves());
  }

  private boolean serves() {
    try {
      clients.assertServes();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void leasesBeyondTheLimitAreRefusedUntilOneIsReleasedOrExpires()
      throws IOException, InterruptedException {
    clients = new RawClients(Duration.ofSeconds(30), Duration.ofSeconds(5));
    PinnedView first = clients.served.pin();
    for (int i = 1; i < 64; i++) {
      clients.served.pin();
    }
    assertThatThrownBy(() -> clients.served.pin())
        .isInstanceOfSatisfying(LiveException.class, e -> assertThat(e.status()).isEqualTo(503))
        .hasMessageContaining("64 leases");

    clients.served.client.release(clients.served.announcement(), first.lease());
    PinnedView next = clients.served.pin();
    RawClients.await(() -> clients.served.server.leases() == 0);
    assertThatThrownBy(() -> clients.served.all(next))
        .isInstanceOfSatisfying(LiveException.class, e -> assertThat(e.status()).isEqualTo(410))
        .hasMessageContaining("not used for PT5S");
    clients.assertServes();
  }

  @Test
  void pinIsRefusedIfItsOffsetsCannotBeRecorded() throws IOException {
    clients = new RawClients();
    clients.served.positions =
        view -> {
          throw new IOException("disk full");
        };

    assertThatThrownBy(() -> clients.served.pin())
        .isInstanceOfSatisfying(LiveException.class, e -> assertThat(e.status()).isEqualTo(503))
        .hasMessageContaining("disk full");
    assertThat(clients.served.server.leases()).isZero();
  }
}
