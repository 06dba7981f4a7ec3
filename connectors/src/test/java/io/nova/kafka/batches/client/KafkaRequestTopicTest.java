package io.nova.kafka.batches.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.handoff.BatchRequest;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class KafkaRequestTopicTest {
  private static ConsumerRecord<byte[], byte[]> record(String kind, String key) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("batches", 0, 1, key.getBytes(UTF_8), new byte[0]);
    record.headers().add("kind", kind.getBytes(UTF_8));
    return record;
  }

  @Test
  void anAnswerHasItsKindAndTheIdOfItsRequest() {
    assertThat(KafkaRequestTopic.isAnswer(record("answer", "a"), "a")).isTrue();
    assertThat(KafkaRequestTopic.isAnswer(record("answer", "b"), "a")).isFalse();
    assertThat(KafkaRequestTopic.isAnswer(record("request", "a"), "a")).isFalse();
    assertThat(
            KafkaRequestTopic.isAnswer(
                new ConsumerRecord<>("batches", 0, 1, null, new byte[0]), "a"))
        .isFalse();
  }

  @Test
  void aBrokerThatDoesNotAnswerIsNamed() {
    KafkaRequestTopic nowhere =
        new KafkaRequestTopic(
            "127.0.0.1:1",
            "batches",
            Map.of("default.api.timeout.ms", "600", "request.timeout.ms", "300"));

    assertThatThrownBy(() -> nowhere.send("a", BatchRequest.expire("test", 0)))
        .isInstanceOf(RequestTopicException.class)
        .hasMessageContaining("Topic batches at 127.0.0.1:1: the broker did not answer")
        .hasMessageContaining("The request was not sent.");
  }
}
