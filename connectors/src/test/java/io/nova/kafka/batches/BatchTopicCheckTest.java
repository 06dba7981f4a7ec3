package io.nova.kafka.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchTopicCheckTest {
  private final BatchTopicCheck check = new BatchTopicCheck("batches");

  private static Config with(String setting, String value) {
    return new Config(List.of(new ConfigEntry(setting, value)));
  }

  @ParameterizedTest
  @CsvSource({
    "cleanup.policy, compact, delete",
    "cleanup.policy, 'compact,delete', delete",
    "retention.ms, 604800000, -1",
    "retention.bytes, 1000000, -1"
  })
  void topicThatForgetsRequestsIsRefused(String setting, String found, String expected) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> check.mustKeepEveryRequest(with(setting, found)))
        .withMessageContaining(
            "Topic batches: its %s is %s, expected %s.".formatted(setting, found, expected))
        .withMessageEndingWith("The job is not started.");
  }

  @Test
  void topicThatKeepsEverythingPasses() {
    assertThatCode(
            () ->
                BatchTopicCheck.SETTINGS.forEach(
                    (name, value) -> check.mustKeepEveryRequest(with(name, value))))
        .doesNotThrowAnyException();
    assertThatCode(() -> check.mustHaveOnePartition(1)).doesNotThrowAnyException();
  }

  @Test
  void topicWithSeveralPartitionsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> check.mustHaveOnePartition(4))
        .withMessageContaining("Topic batches: it has 4 partitions, expected 1.")
        .withMessageContaining("kafka-topics.sh --create --topic batches --partitions 1");
  }

  @Test
  void commandThatCreatesTheTopicHasEverySetting() {
    assertThat(check.howToCreate())
        .isEqualTo(
            "kafka-topics.sh --create --topic batches --partitions 1"
                + " --config cleanup.policy=delete --config retention.bytes=-1"
                + " --config retention.ms=-1");
  }
}
