package io.nova.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.sql.SqlSession;
import io.nova.workload.input.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A broker that asks for TLS, a name and a password. The job, some commands and the table {@code
 * rejected} take the settings of Kafka's clients from one file. The password is in no log.
 */
@Tag("soak")
class SecuredKafkaITCase {
  private static final String PASSWORD = "s3ntinel-0f-kafka";
  private static final List<Message> EVENTS = MinuteEvents.of(0, 60);
  private static final List<String> BROKEN = List.of("not json", "[1]", "{\"a\":");

  private final Path folder = Path.of("target", "it", "secured-kafka-files").toAbsolutePath();
  private int port;
  private Path client;
  private ProcessCluster nova;

  /** What the last command printed. */
  private String printed = "";

  @Test
  void oneFileOfClientSettingsServesJobCommandsAndTables() throws Exception {
    Files.createDirectories(folder);
    port = freePort();
    makeCertificates();
    client = clientSettings("client.properties", PASSWORD);
    try (ProcessCluster cluster =
        ProcessCluster.start("secured-kafka", withSecuredListener(), Set.of())) {
      nova = cluster;
      aWrongPasswordIsNamedBeforeTheJobStarts();
      nova.submit(options(client), Optional.empty(), 2);

      assertThat(run("send", messages().toString())).isZero();
      nova.awaitDecided(EVENTS.size() + BROKEN.size());

      theTableOfRejectedMessagesHasThem();
      assertThat(run("replay-rejected", "--dry-run", "--json")).isZero();
      assertThat(printed).contains("\"not_json\"");
      run("batch", "close", "2026-11-21", "--json", "--warehouse", nova.processes().warehouse());
      assertThat(printed).as("the job's answer").contains("\"state\"");
      assertThat(logsWithThePassword()).isEmpty();
    }
  }

  private void aWrongPasswordIsNamedBeforeTheJobStarts() throws IOException {
    List<String> wrong = options(clientSettings("wrong.properties", "another"));
    assertThatThrownBy(() -> nova.submit(wrong, Optional.empty(), 2))
        .hasMessageContaining("authentication failed");
  }

  private List<String> options(Path settings) {
    return List.of(
        "--nova.checkpoint.interval",
        "2 s",
        "--nova.kafka.bootstrap-servers",
        broker(),
        "--nova.kafka.client-config",
        settings.toString());
  }

  private void theTableOfRejectedMessagesHasThem() {
    nova.await("two checkpoints", () -> nova.lastCheckpoint().orElse(0L) > 2);
    try (SqlSession session = nova.processes().sql().open()) {
      ProcessCluster.ask(
          session,
          ("CREATE CATALOG secured WITH ('type' = 'nova', 'warehouse' = '%s',"
                  + " 'kafka.bootstrap-servers' = '%s', 'kafka.client-config' = '%s')")
              .formatted(nova.processes().warehouse(), broker(), client));
      List<JsonNode> rows =
          ProcessCluster.ask(
              session, "SELECT original_text FROM secured.nova.rejected ORDER BY original_text");
      assertThat(rows)
          .extracting(row -> row.get(0).asText())
          .containsExactlyInAnyOrderElementsOf(BROKEN);
    }
  }

  private String broker() {
    return "127.0.0.1:" + port;
  }

  private Path messages() throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (Message message : EVENTS) {
      lines.write(Objects.requireNonNull(message.value()));
      lines.write('\n');
    }
    for (String broken : BROKEN) {
      lines.write((broken + "\n").getBytes(UTF_8));
    }
    return Files.write(folder.resolve("events.jsonl"), lines.toByteArray());
  }

  private int run(String... words) {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(List.of("--bootstrap-servers", broker(), "--command-config", client.toString()));
    PrintStream out = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, UTF_8));
    try {
      return Nova.commandLine().execute(all.toArray(String[]::new));
    } finally {
      System.setOut(out);
      printed = said.toString(UTF_8);
    }
  }

  private void makeCertificates() throws Exception {
    Files.deleteIfExists(folder.resolve("broker.p12"));
    Files.deleteIfExists(folder.resolve("trust.p12"));
    keytool(
        "-genkeypair",
        "-alias",
        "broker",
        "-keyalg",
        "EC",
        "-dname",
        "CN=127.0.0.1",
        "-ext",
        "san=ip:127.0.0.1",
        "-validity",
        "2",
        "-keystore",
        "broker.p12");
    keytool("-exportcert", "-alias", "broker", "-file", "broker.cer", "-keystore", "broker.p12");
    keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        "broker",
        "-file",
        "broker.cer",
        "-keystore",
        "trust.p12");
  }

  private void keytool(String... words) throws Exception {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    all.addAll(Arrays.asList(words));
    all.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    Process keytool =
        new ProcessBuilder(all).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertThat(keytool.waitFor()).as(output).isZero();
  }

  private Path clientSettings(String name, String password) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        """
        security.protocol=SASL_SSL
        sasl.mechanism=PLAIN
        sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
        username="nova" password="%s";
        ssl.truststore.type=PKCS12
        ssl.truststore.location=%s
        ssl.truststore.password=%s
        """
            .formatted(password, folder.resolve("trust.p12"), PASSWORD));
  }

  /** The distribution of this project, whose broker has a second listener. */
  private Distribution withSecuredListener() throws IOException {
    return ChangedDistribution.in(
        folder.resolve("distribution"), "server.properties", this::secured);
  }

  private String secured(String properties) {
    return properties
            .replaceAll("(?m)^((?:advertised\\.)?listeners=.*)$", "$1,SASL_SSL://" + broker())
            .replaceAll("(?m)^(listener\\.security\\.protocol\\.map=.*)$", "$1,SASL_SSL:SASL_SSL")
        + """

        sasl.enabled.mechanisms=PLAIN
        listener.name.sasl_ssl.plain.sasl.jaas.config=\
        org.apache.kafka.common.security.plain.PlainLoginModule required user_nova="%1$s";
        ssl.keystore.type=PKCS12
        ssl.keystore.location=%2$s
        ssl.keystore.password=%1$s
        ssl.key.password=%1$s
        """
            .formatted(PASSWORD, folder.resolve("broker.p12"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The broker's own log is Kafka's affair. */
  private List<Path> logsWithThePassword() throws IOException {
    try (Stream<Path> files = Files.list(nova.processes().options().folder().logs())) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("broker"))
          .filter(SecuredKafkaITCase::hasThePassword)
          .toList();
    }
  }

  private static boolean hasThePassword(Path file) {
    try {
      return Files.readString(file, ISO_8859_1).contains(PASSWORD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
