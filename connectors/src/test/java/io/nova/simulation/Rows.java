package io.nova.simulation;

import io.nova.event.row.EventSchema;
import io.nova.shard.Admission;
import io.nova.shard.HeapShardState;
import io.nova.shard.SealedBlock;
import io.nova.shard.log.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** Finds the messages of stored rows. */
final class Rows {
  private final Topic topic;

  Rows(Topic topic) {
    this.topic = topic;
  }

  /** A stored row and its message. */
  static final class Row {
    private final SimulatedMessage message;
    private final byte[] bytes;

    Row(SimulatedMessage message, byte[] bytes) {
      this.message = message;
      this.bytes = bytes;
    }

    SimulatedMessage message() {
      return message;
    }

    void mustBeAsOffered(Admission outcome) {
      byte[] offered = message.received().event.row;
      GenericRecord expected = decode(offered);
      if (outcome == Admission.ADMITTED_BESIDE) {
        expected.put(EventSchema.CONFLICTING, true);
      }
      if (!decode(bytes).equals(expected)) {
        throw new AssertionError("invariant 4: the row has changed: " + message);
      }
    }
  }

  static Set<SimulatedMessage> admitted(Map<SimulatedMessage, Admission> outcomes) {
    Set<SimulatedMessage> admitted = new HashSet<>();
    outcomes.forEach(
        (message, outcome) -> {
          if (outcome.admitted()) {
            admitted.add(message);
          }
        });
    return admitted;
  }

  /** The rows of a sealed block. */
  List<Row> of(SealedBlock block) {
    List<Row> rows = new ArrayList<>();
    block.forEachRow(into(rows));
    return rows;
  }

  /** The rows in the log of a shard, as a checkpoint has it. */
  List<Row> inLog(HeapShardState state) {
    List<Row> rows = new ArrayList<>();
    state.segments((id, stored) -> Segment.read(stored, into(rows)));
    return rows;
  }

  private Segment.RowConsumer into(List<Row> rows) {
    return (high, low, bytes, offset, length) -> {
      byte[] row = Arrays.copyOfRange(bytes, offset, offset + length);
      rows.add(new Row(message(row), row));
    };
  }

  private SimulatedMessage message(byte[] row) {
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(row, null);
    try {
      decoder.readLong();
      decoder.readInt();
      decoder.skipString();
      return topic.at(decoder.readInt(), decoder.readLong(), decoder.readInt());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The row as a record, to compare with what other readers find. */
  static GenericRecord decode(byte[] row) {
    try {
      return new GenericDatumReader<GenericRecord>(EventSchema.avro())
          .read(null, DecoderFactory.get().binaryDecoder(row, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
