package io.nova.live.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.LiveException;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.RowsRequest;
import io.nova.live.server.LiveServerOptions;
import io.nova.live.server.ServedShard;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LiveClientTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final RowsRequest ROWS =
      new RowsRequest("lease", List.of(0), List.of(1), "true", 10);

  private final LiveClient client =
      new LiveClient(Optional.empty(), "token", Duration.ofMillis(400));
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private Announcement announcement() {
    return new Announcement(
        1, "run", 7, 0, "127.0.0.1", server.getLocalPort(), false, "", false, List.of());
  }

  private interface Answer {
    void to(Socket client) throws IOException, InterruptedException;
  }

  /** Answers one request on a thread of its own. */
  private Thread answer(Answer answer) {
    Thread thread =
        new Thread(
            () -> {
              try (Socket asking = server.accept()) {
                byte[] request = new byte[8192];
                assertThat(asking.getInputStream().read(request)).isPositive();
                answer.to(asking);
              } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void send(Socket client, String text) throws IOException {
    OutputStream out = client.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private static String chunk(byte[] bytes) {
    return Integer.toHexString(bytes.length)
        + "\r\n"
        + new String(bytes, StandardCharsets.ISO_8859_1)
        + "\r\n";
  }

  /** The beginning of an answer: more than a reader takes ahead, and a block that is torn. */
  private static byte[] someRows() throws IOException {
    Schema schema = SchemaBuilder.record("event").fields().requiredString("text").endRecord();
    GenericRecord row = new GenericData.Record(schema);
    row.put("text", "x".repeat(1_000));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataFileWriter<GenericRecord> avro =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      avro.create(schema, out);
      for (int i = 0; i < 200; i++) {
        avro.append(row);
      }
    }
    return Arrays.copyOf(out.toByteArray(), 150_000);
  }

  private static void assertGoesOnFailing(LiveRows rows, String reason) {
    assertThatIOException()
        .isThrownBy(
            () -> {
              while (rows.next() != null) {}
            })
        .withMessageContaining(reason);
    for (int i = 0; i < 3; i++) {
      assertThatIOException().isThrownBy(rows::next).withMessageContaining(reason);
    }
  }

  @Test
  void serverThatDoesNotAnswerIsGivenUpAfterTheTimeout() {
    answer(asking -> Thread.sleep(60_000));

    assertThatIOException()
        .isThrownBy(() -> client.rows(announcement(), ROWS))
        .withMessageContaining("subtask 7")
        .withMessageContaining("did not answer");
  }

  @Test
  void portThatNobodyListensToIsNamed() throws IOException {
    server.close();

    assertThatIOException()
        .isThrownBy(() -> client.rows(announcement(), ROWS))
        .withMessageContaining("did not answer");
  }

  @Test
  void answerThatStallsFailsAndGoesOnFailing() throws IOException {
    byte[] some = someRows();
    answer(
        asking -> {
          send(asking, OK + chunk(some));
          Thread.sleep(60_000);
        });

    try (LiveRows rows = client.rows(announcement(), ROWS)) {
      assertGoesOnFailing(rows, "nothing came for PT0.4S");
    }
  }

  @Test
  void answerThatIsTornFailsAndGoesOnFailing() throws IOException {
    byte[] some = someRows();
    answer(asking -> send(asking, OK + chunk(some)));

    try (LiveRows rows = client.rows(announcement(), ROWS)) {
      assertGoesOnFailing(rows, "the connection broke off");
    }
  }

  @Test
  void rowsThatAreClosedEarlyCloseTheConnection() throws IOException, InterruptedException {
    byte[] some = someRows();
    Thread endless =
        answer(
            asking -> {
              send(asking, OK + chunk(some));
              InputStream in = asking.getInputStream();
              try {
                while (in.read() >= 0) {}
              } catch (IOException reset) {
                // The client has closed without reading all.
              }
            });

    long before = System.nanoTime();
    client.rows(announcement(), ROWS).close();

    endless.join(30_000);
    assertThat(endless.isAlive()).isFalse();
    assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(30));
  }

  @Test
  void redirectIsNotFollowed() {
    answer(
        asking ->
            send(
                asking,
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"));

    assertThatIOException()
        .isThrownBy(() -> client.rows(announcement(), ROWS))
        .isInstanceOfSatisfying(LiveException.class, e -> assertThat(e.status()).isEqualTo(302))
        .withMessageContaining("not a live server's");
  }

  @Test
  void busyServerIsAskedOnceOnly() throws IOException, InterruptedException {
    Thread answered =
        answer(
            asking ->
                send(
                    asking,
                    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n"
                        + "Content-Length: 17\r\n\r\n{\"error\":\"later\"}"));

    assertThatIOException()
        .isThrownBy(() -> client.rows(announcement(), ROWS))
        .isInstanceOfSatisfying(LiveException.class, e -> assertThat(e.status()).isEqualTo(503))
        .withMessageContaining("later");
    answered.join();
    server.setSoTimeout(200);
    assertThatIOException().isThrownBy(() -> server.accept()).withMessageContaining("timed out");
  }

  @Test
  void moreAnswersThanAPoolHoldsAreReadAtOnceAndLeaveNoThread() throws IOException {
    try (ServedShard served =
        new ServedShard(
            LiveServerOptions.of("127.0.0.1", 0, 0, ServedShard.TOKEN, Optional.empty()))) {
      served.admit(3_000);
      served.publish();
      PinnedView pinned = served.pin();
      Set<Thread> before = Thread.getAllStackTraces().keySet();
      RowsRequest all =
          new RowsRequest(
              pinned.lease(),
              List.of(pinned.shards().get(0).shard()),
              ServedShard.allColumns(),
              "true",
              Long.MAX_VALUE);
      LiveRows[] open = new LiveRows[60];
      LiveClient many = new LiveClient(Optional.empty(), "", Duration.ofSeconds(30));
      for (int i = 0; i < open.length; i++) {
        open[i] = many.rows(served.announcement(), all);
      }
      for (LiveRows rows : open) {
        int count = 0;
        while (rows.next() != null) {
          count++;
        }
        rows.close();
        assertThat(count).isEqualTo(3_000);
      }

      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> !before.contains(thread))
          .noneMatch(thread -> thread.getName().contains("HttpClient"));
    }
  }
}
