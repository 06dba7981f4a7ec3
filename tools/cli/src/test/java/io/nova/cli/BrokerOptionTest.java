package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.CommandException;
import io.nova.workload.topic.Brokers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BrokerOptionTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"send", "verify", "replay-rejected"})
  void everyCommandThatTalksToABrokerTakesTheSettings(String command) {
    CommandLine found = Nova.commandLine().getSubcommands().get(command);

    assertThat(found.getCommandSpec().optionsMap()).containsKey("--command-config");
  }

  @Test
  void settingsOfTheFileReachTheClientsAndTheirOwnWin() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("client.properties"),
            "security.protocol=SASL_PLAINTEXT\nsasl.mechanism = PLAIN\nacks=0\n# a comment\n");

    Brokers brokers = option("--command-config", file.toString()).brokers();

    assertThat(brokers.client(Map.of("acks", "all")))
        .containsEntry("bootstrap.servers", "h:1")
        .containsEntry("security.protocol", "SASL_PLAINTEXT")
        .containsEntry("sasl.mechanism", "PLAIN")
        .containsEntry("acks", "all");
  }

  @Test
  void aByteOrderMarkDoesNotHideTheFirstKey() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("client.properties"), "\uFEFFsecurity.protocol=SSL\r\nacks=0\r\n");

    assertThat(option("--command-config", file.toString()).brokers().client(Map.of()))
        .containsEntry("security.protocol", "SSL")
        .containsEntry("acks", "0");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> option("--command-config", "/gone.properties").brokers())
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("/gone.properties")
        .hasMessageContaining("Nothing was done");
  }

  @Test
  void anAuthenticationFailureIsNamedAndASilenceExplained() {
    KafkaException denied =
        new KafkaException("Failed", new SaslAuthenticationException("Invalid credentials"));

    assertThat(option().reasonOf(denied)).contains("Authentication failed: Invalid credentials");
    assertThat(option().reasonOf(new TimeoutException("No answer."))).contains("--command-config");
  }

  /** A broker without TLS closes such a connection without an answer. */
  @Test
  void aSilenceAfterSettingsOfAnotherProtocolIsExplained() {
    assertThat(option("--command-config", "tls.properties").reasonOf(new TimeoutException("None.")))
        .contains("another security.protocol")
        .contains("tls.properties");
  }

  private static BrokerOption option(String... words) {
    BrokerOption option = new BrokerOption();
    CommandLine line =
        new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("broker", spec(option)));
    ArrayList<String> all = new ArrayList<>(List.of("--bootstrap-servers", "h:1"));
    all.addAll(List.of(words));
    line.parseArgs(all.toArray(new String[0]));
    return option;
  }

  private static CommandLine.Model.CommandSpec spec(BrokerOption option) {
    return CommandLine.Model.CommandSpec.forAnnotatedObject(option);
  }
}
