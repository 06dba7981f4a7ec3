package io.nova.console.ask.topic;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a topic's table, and how a record becomes a row. Columns, values and which record
 * counts are those of {@code TopicTable} of Flink SQL.
 */
interface TopicForm {
  /** Greatest number of bytes of a message that the table shows. */
  int LONGEST_BYTES = 64 << 10;

  /** The columns that make two records repetitions of one message. */
  List<String> PLACE = List.of("kafka_topic", "kafka_partition", "kafka_offset", "kafka_index");

  /** The name of the table. */
  String name();

  /** The stored columns with their types. */
  String definitions();

  /** The expressions that make the table's columns of the stored ones. */
  String selectList();

  /** The column with the record's timestamp. */
  String time();

  /** The row of a record; empty if the record is none of this table. */
  Optional<Row> row(ConsumerRecord<byte[], byte @Nullable []> record);

  /**
   * A row.
   *
   * @param values the stored columns in their order: null, Integer, Long, Instant, String, byte[]
   * @param bytes about the memory that it takes
   * @param cut whether bytes beyond {@link #LONGEST_BYTES} are left out
   */
  record Row(List<@Nullable Object> values, long bytes, boolean cut) {
    private static final int FIXED_BYTES = 96;

    static Row of(List<@Nullable Object> values, boolean cut) {
      long bytes = FIXED_BYTES;
      for (Object value : values) {
        if (value instanceof String text) {
          bytes += text.length();
        } else if (value instanceof byte[] raw) {
          bytes += raw.length;
        }
      }
      return new Row(values, bytes, cut);
    }
  }
}
