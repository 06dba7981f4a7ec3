package io.nova.kafka.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.handoff.BatchAnswer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class BatchAnswerSerializerTest {
  private static ProducerRecord<byte[], byte[]> written(BatchAnswer answer) {
    return new BatchAnswerSerializer("batches").serialize(answer, null, null);
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void answerHasTheRequestIdAsKeyAndItsKindAsHeader() {
    BatchAnswer answer = BatchAnswer.refused("r1", 20514L, "too early", 7);
    ProducerRecord<byte[], byte[]> record = written(answer);

    assertThat(record.topic()).isEqualTo("batches");
    assertThat(utf8(record.key())).isEqualTo("r1");
    assertThat(utf8(record.headers().lastHeader("kind").value())).isEqualTo("answer");
    assertThat(BatchAnswer.read(record.value())).isEqualTo(answer);
  }

  @Test
  void answerThatNobodyAskedForHasTheBatchAsKey() {
    assertThat(utf8(written(BatchAnswer.closed(null, 20514, "u", Map.of(0, 3L), 7)).key()))
        .isEqualTo("20514");
  }
}
