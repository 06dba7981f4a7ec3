package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.fixtures.TortureInputs;
import io.nova.fixtures.TortureInputs.Input;
import io.nova.judge.Verdict;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** The torture set through the real job with a real broker. */
class TortureITCase {
  @Test
  void eachInputIsRejectedWithItsReasonOrStoredAsItCame() throws Exception {
    List<Input> inputs =
        TortureInputs.all().stream().filter(input -> !"unsent".equals(input.job())).toList();
    Map<String, Long> rejected = new TreeMap<>();
    Map<ByteBuffer, Input> stored = new HashMap<>();
    for (Input input : inputs) {
      String reason = input.job() != null ? input.job() : input.reason();
      if (reason != null) {
        rejected.merge(reason, 1L, Long::sum);
      } else {
        stored.put(ByteBuffer.wrap(input.bytes()), input);
      }
    }
    try (ProcessCluster nova = ProcessCluster.start("torture")) {
      nova.submit(Optional.empty(), 2);
      nova.send(inputs.stream().map(TortureITCase::message).toList(), Pace.UNPACED);
      nova.awaitAllDecided();
      assertThat(nova.restarts()).isZero();
      nova.stop(true);

      Verdict verdict = nova.judge();
      assertThat(verdict.examples()).isEmpty();
      assertThat(verdict.holds()).isTrue();
      assertThat(verdict.duplicates()).isZero();
      assertThat(new TreeMap<>(verdict.rejected())).isEqualTo(rejected);
      assertThat(verdict.admitted()).isEqualTo(stored.size());
      compareRows(nova, stored);
    }
  }

  private static Message message(Input input) {
    return new Message(input.bytes(), Message.ANY_PARTITION, Message.UNKNOWN_TIME);
  }

  /** Every row is one of the inputs, column by column, and no input is missing. */
  private static void compareRows(ProcessCluster nova, Map<ByteBuffer, Input> stored)
      throws Exception {
    Map<String, byte[]> topic = ReadersITCase.topic(nova);
    Table table =
        new HadoopTables(new Configuration()).load(nova.processes().warehouse() + "/nova/events");
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
      for (Record row : rows) {
        String place = row.getField("kafka_partition") + "-" + row.getField("kafka_offset");
        Input input = stored.remove(ByteBuffer.wrap(topic.get(place)));
        assertThat(input).as("an input that was sent at " + place).isNotNull();
        compare(row, input);
      }
    }
    assertThat(stored).isEmpty();
  }

  private static void compare(Record row, Input input) {
    for (Types.NestedField column : row.struct().fields()) {
      // Columns 1 to 6 are the row's position, batch and shard.
      if (column.fieldId() > 6) {
        assertThat(plain(row.getField(column.name())))
            .as(input + ": " + column.name())
            .isEqualTo(plain(input.expected(column.name())));
      }
    }
  }

  private static Object plain(Object value) {
    if (value instanceof OffsetDateTime time) {
      return time.toEpochSecond() * 1_000_000 + time.getNano() / 1_000;
    }
    return value instanceof Double number && number == 0 ? (Object) 0.0 : value;
  }
}
