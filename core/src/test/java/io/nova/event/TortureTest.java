package io.nova.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.identity.Fingerprint;
import io.nova.event.identity.FingerprintKey;
import io.nova.event.identity.Fingerprinter;
import io.nova.event.row.Column;
import io.nova.event.row.EventSchema;
import io.nova.event.row.RowEncoder;
import io.nova.fixtures.TortureInputs;
import io.nova.fixtures.TortureInputs.Input;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parses and encodes each input of the torture set, and decodes it by Avro's own reader. */
class TortureTest {
  private static final FingerprintKey KEY = FingerprintKey.draw();

  static List<Input> inputs() throws IOException {
    return TortureInputs.all();
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void eachInputHasItsOutcome(Input input) throws IOException {
    Parsed parsed = new EventParser().parse(input.bytes());

    if (input.isRejected()) {
      assertThat(parsed)
          .isInstanceOfSatisfying(
              Parsed.Rejected.class,
              rejected -> {
                assertThat(rejected.reason().wireName()).isEqualTo(input.reason());
                assertThat(rejected.detail()).isNotBlank();
              });
    } else {
      assertThat(parsed).isInstanceOf(Parsed.Event.class);
      assertRow(input, row(((Parsed.Event) parsed).fields()));
    }
  }

  private static GenericRecord row(EventFields fields) throws IOException {
    byte[] bytes = new RowEncoder().encode(fields, new RowEncoder.Placement(1, 2, "events", 3, 4));
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
    GenericRecord row =
        new GenericDatumReader<GenericRecord>(EventSchema.avro()).read(null, decoder);
    assertThat(decoder.isEnd()).isTrue();
    return row;
  }

  private static void assertRow(Input input, GenericRecord row) {
    for (Column column : EventSchema.columns()) {
      assertThat(plain(row.get(column.name())))
          .as(column.name())
          .isEqualTo(expected(input, column));
    }
    assertThat(plain(row.get("extra"))).isEqualTo(input.expected("extra"));
    assertThat(plain(row.get("user"))).isEqualTo(input.expected("user"));
  }

  private static Object expected(Input input, Column column) {
    Object value = input.expected(column.name());
    return value instanceof Double number && number == 0 ? (Object) 0.0 : value;
  }

  /** Converts text to strings, and minus zero to zero. */
  private static Object plain(Object value) {
    if (value instanceof Double number) {
      return number == 0 ? (Object) 0.0 : number;
    }
    return value instanceof CharSequence text ? text.toString() : value;
  }

  @Test
  void storedOnesAreAllDifferentEvents() throws IOException {
    Fingerprinter fingerprinter = new Fingerprinter(KEY);
    Set<Fingerprint> fingerprints = new HashSet<>();
    for (Input input : TortureInputs.all()) {
      if (!input.isRejected()) {
        Parsed.Event event = (Parsed.Event) new EventParser().parse(input.bytes());
        assertThat(fingerprints.add(fingerprinter.of(event.identity()))).as(input.name()).isTrue();
      }
    }
  }
}
