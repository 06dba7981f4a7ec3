package io.nova.job.options;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicRulesTest {
  private static TopicRules rules(String setting, String value) {
    return new TopicRules("t", new Config(List.of(new ConfigEntry(setting, value))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"compact", "compact,delete", "delete,compact"})
  void compactedTopicsAreRefused(String policy) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rules("cleanup.policy", policy).mustNotBeCompacted("messages"))
        .withMessageContaining(
            "Topic t: its cleanup.policy is %s, expected delete".formatted(policy))
        .withMessageContaining("Compaction deletes messages");
  }

  @Test
  void topicsThatTakeNoRejectionAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rules("max.message.bytes", "8191").mustTakeTheSmallestRecords())
        .withMessageContaining("Topic t: its max.message.bytes is 8191, expected at least 8192");
  }

  @Test
  void otherSettingsAndUnknownOnesAreNoTrouble() {
    assertThatCode(() -> rules("cleanup.policy", "delete").mustNotBeCompacted("messages"))
        .doesNotThrowAnyException();
    assertThatCode(() -> rules("other", "x").mustNotBeCompacted("messages"))
        .doesNotThrowAnyException();
    assertThatCode(() -> rules("max.message.bytes", "8192").mustTakeTheSmallestRecords())
        .doesNotThrowAnyException();
    assertThatCode(() -> rules("other", "x").mustTakeTheSmallestRecords())
        .doesNotThrowAnyException();
  }
}
