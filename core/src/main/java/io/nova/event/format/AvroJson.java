package io.nova.event.format;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Writes Avro values as JSON, without a record in between.
 *
 * <ul>
 *   <li>A union is its value. An enum is its name. Bytes are Base64.
 *   <li>A timestamp, a date and a time of day are ISO-8601 text; a timestamp is in UTC.
 *   <li>A decimal is a number with all its digits. A UUID is its text.
 *   <li>A float or double that JSON does not have is text: {@code "NaN"}.
 * </ul>
 *
 * <p>Lengths in the bytes are not trusted: nothing larger than the message is reserved for them.
 */
final class AvroJson implements ValueSchema {
  private static final byte[] NONE = {};

  private final Schema schema;
  private final JsonOutput output = new JsonOutput();
  private BinaryDecoder in = DecoderFactory.get().binaryDecoder(NONE, null);
  private byte[] scratch = new byte[256];
  private int messageBytes;
  private long itemsLeft;

  private AvroJson(Schema schema) {
    this.schema = schema;
  }

  static AvroJson of(SchemaText text) {
    try {
      // Registries keep schemas of old clients, whose defaults do not fit. Nobody uses them here.
      Schema.Parser parser = new Schema.Parser().setValidateDefaults(false);
      parse(parser, text);
      return new AvroJson(parser.parse(text.text()));
    } catch (RuntimeException e) {
      // Avro has many: an unknown type is a NullPointerException.
      throw new IllegalArgumentException("found no Avro schema: " + e.getMessage(), e);
    }
  }

  /** Makes the names of the references known, each before the schema that uses it. */
  private static void parse(Schema.Parser parser, SchemaText text) {
    for (SchemaText reference : text.references()) {
      parse(parser, reference);
      if (!parser.getTypes().containsKey(reference.name())) {
        parser.parse(reference.text());
      }
    }
  }

  @Override
  public byte[] json(byte[] message, int from) throws UndecodableException {
    messageBytes = message.length;
    itemsLeft = message.length;
    in = DecoderFactory.get().binaryDecoder(message, from, message.length - from, in);
    return output.of(
        json -> {
          write(schema, json);
          if (!in.isEnd()) {
            throw new EOFException("bytes are left after the value");
          }
        });
  }

  private void write(Schema type, JsonGenerator json) throws IOException {
    switch (type.getType()) {
      case RECORD -> record(type, json);
      case ARRAY -> array(type, json);
      case MAP -> map(type, json);
      case UNION -> write(type.getTypes().get(in.readIndex()), json);
      case ENUM -> json.writeString(type.getEnumSymbols().get(in.readEnum()));
      case STRING -> {
        int length = readBytes();
        json.writeUTF8String(scratch, 0, length);
      }
      case BYTES -> bytes(type, readBytes(), json);
      case FIXED -> bytes(type, readFixed(type.getFixedSize()), json);
      case INT -> integer(type, in.readInt(), json);
      case LONG -> integer(type, in.readLong(), json);
      case FLOAT -> json.writeNumber(in.readFloat());
      case DOUBLE -> json.writeNumber(in.readDouble());
      case BOOLEAN -> json.writeBoolean(in.readBoolean());
      case NULL -> json.writeNull();
    }
  }

  private void record(Schema type, JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (Schema.Field field : type.getFields()) {
      json.writeFieldName(field.name());
      write(field.schema(), json);
    }
    json.writeEndObject();
  }

  private void array(Schema type, JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (long items = in.readArrayStart(); items != 0; items = in.arrayNext()) {
      take(items);
      for (long i = 0; i < items; i++) {
        write(type.getElementType(), json);
      }
    }
    json.writeEndArray();
  }

  private void map(Schema type, JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (long items = in.readMapStart(); items != 0; items = in.mapNext()) {
      take(items);
      for (long i = 0; i < items; i++) {
        json.writeFieldName(strictText(readBytes()));
        write(type.getValueType(), json);
      }
    }
    json.writeEndObject();
  }

  /** Items without bytes, such as nulls, would make JSON of any size out of a few bytes. */
  private void take(long items) throws IOException {
    itemsLeft -= items;
    if (items < 0 || itemsLeft < 0) {
      throw new EOFException("more items than the message has bytes");
    }
  }

  private String strictText(int length) throws IOException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(scratch, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new CharConversionException("a key of a map is not UTF-8");
    }
  }

  /** Reads the bytes of a string or of bytes; returns their number. */
  private int readBytes() throws IOException {
    long length = in.readLong();
    if (length < 0 || length > messageBytes) {
      throw new EOFException("a length of %d in %d bytes".formatted(length, messageBytes));
    }
    return readFixed((int) length);
  }

  private int readFixed(int length) throws IOException {
    if (length > messageBytes) {
      throw new EOFException("a length of %d in %d bytes".formatted(length, messageBytes));
    }
    if (length > scratch.length) {
      scratch = new byte[Math.max(length, 2 * scratch.length)];
    }
    in.readFixed(scratch, 0, length);
    return length;
  }

  private void bytes(Schema type, int length, JsonGenerator json) throws IOException {
    LogicalType logical = type.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal decimal) {
      json.writeNumber(
          new BigDecimal(new BigInteger(scratch, 0, length), decimal.getScale()).toString());
    } else if (logical instanceof LogicalTypes.Uuid) {
      ByteBuffer halves = ByteBuffer.wrap(scratch, 0, length);
      json.writeString(new UUID(halves.getLong(), halves.getLong()).toString());
    } else {
      json.writeBinary(scratch, 0, length);
    }
  }

  private static void integer(Schema type, long value, JsonGenerator json) throws IOException {
    LogicalType logical = type.getLogicalType();
    if (logical == null) {
      json.writeNumber(value);
      return;
    }
    switch (logical.getName()) {
      case "date" -> json.writeString(LocalDate.ofEpochDay(value).toString());
      case "time-millis" -> json.writeString(timeOfDay(value, ChronoUnit.MILLIS));
      case "time-micros" -> json.writeString(timeOfDay(value, ChronoUnit.MICROS));
      case "timestamp-millis" -> json.writeString(instant(value, ChronoUnit.MILLIS).toString());
      case "timestamp-micros" -> json.writeString(instant(value, ChronoUnit.MICROS).toString());
      case "timestamp-nanos" -> json.writeString(instant(value, ChronoUnit.NANOS).toString());
      case "local-timestamp-millis" -> json.writeString(local(value, ChronoUnit.MILLIS));
      case "local-timestamp-micros" -> json.writeString(local(value, ChronoUnit.MICROS));
      case "local-timestamp-nanos" -> json.writeString(local(value, ChronoUnit.NANOS));
      default -> json.writeNumber(value);
    }
  }

  private static String timeOfDay(long value, ChronoUnit unit) {
    return LocalTime.ofNanoOfDay(Math.multiplyExact(value, unit.getDuration().toNanos()))
        .toString();
  }

  private static Instant instant(long value, ChronoUnit unit) {
    return Instant.EPOCH.plus(value, unit);
  }

  private static String local(long value, ChronoUnit unit) {
    return LocalDateTime.ofInstant(instant(value, unit), ZoneOffset.UTC).toString();
  }
}
