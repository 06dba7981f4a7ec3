package io.nova.event.format;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes Protobuf messages as JSON.
 *
 * <ul>
 *   <li>A field has the name of the .proto file. An absent field is left out.
 *   <li>An integer is a number with all its digits. An enum is its name. Bytes are Base64.
 *   <li>A Timestamp is RFC 3339 text, a Duration is seconds such as {@code "1.5s"}.
 *   <li>A wrapper such as Int64Value is its value. Struct, Value and ListValue are plain JSON.
 *   <li>A float or double that JSON does not have is text: {@code "NaN"}.
 * </ul>
 *
 * <p>A field that the schema does not have is an error, since it would be lost.
 */
final class ProtobufJson implements ValueSchema {
  private static final String WELL_KNOWN = "google.protobuf.";

  /** The deepest message type within message types. */
  private static final int MOST_LEVELS = 100;

  private final FileDescriptor file;
  private final JsonOutput output = new JsonOutput();

  private ProtobufJson(FileDescriptor file) {
    this.file = file;
  }

  static ProtobufJson of(SchemaText text) {
    return new ProtobufJson(ProtobufSchema.compile(text));
  }

  @Override
  public byte[] json(byte[] message, int from) throws UndecodableException {
    return output.of(
        json -> {
          CodedInputStream in = CodedInputStream.newInstance(message, from, message.length - from);
          Descriptor type = type(in);
          DynamicMessage value = DynamicMessage.parseFrom(type, in);
          in.checkLastTagWas(0);
          write(value, json);
        });
  }

  /** The type by its indexes: of the file's messages, then of each message's own messages. */
  private Descriptor type(CodedInputStream in) throws IOException {
    int count = in.readSInt32();
    if (count < 0 || count > MOST_LEVELS) {
      throw new InvalidProtocolBufferException("%d indexes of a message type".formatted(count));
    }
    if (count == 0) {
      return at(file.getMessageTypes(), 0);
    }
    Descriptor type = at(file.getMessageTypes(), in.readSInt32());
    for (int level = 1; level < count; level++) {
      type = at(type.getNestedTypes(), in.readSInt32());
    }
    return type;
  }

  private static Descriptor at(List<Descriptor> types, int index)
      throws InvalidProtocolBufferException {
    if (index < 0 || index >= types.size()) {
      throw new InvalidProtocolBufferException(
          "message type %d, expected one of %d".formatted(index, types.size()));
    }
    return types.get(index);
  }

  private static void write(Message message, JsonGenerator json) throws IOException {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw new InvalidProtocolBufferException(
          "%s has no fields with the numbers %s"
              .formatted(
                  message.getDescriptorForType().getFullName(),
                  message.getUnknownFields().asMap().keySet()));
    }
    String name = message.getDescriptorForType().getFullName();
    if (!name.startsWith(WELL_KNOWN)) {
      fields(message, json);
      return;
    }
    switch (name.substring(WELL_KNOWN.length())) {
      case "Timestamp" -> json.writeString(timestamp(message).toString());
      case "Duration" -> json.writeString(duration(message));
      case "Struct" -> map(message, named(message, "fields"), json);
      case "ListValue" -> list(message, named(message, "values"), json);
      case "Value" -> dynamic(message, json);
      case "BoolValue",
          "BytesValue",
          "DoubleValue",
          "FloatValue",
          "Int32Value",
          "Int64Value",
          "StringValue",
          "UInt32Value",
          "UInt64Value" -> {
        FieldDescriptor value = named(message, "value");
        single(value, message.getField(value), json);
      }
      default -> fields(message, json);
    }
  }

  private static void fields(Message message, JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (FieldDescriptor field : message.getAllFields().keySet()) {
      json.writeFieldName(field.getName());
      if (field.isMapField()) {
        map(message, field, json);
      } else if (field.isRepeated()) {
        list(message, field, json);
      } else {
        single(field, message.getField(field), json);
      }
    }
    json.writeEndObject();
  }

  private static void list(Message message, FieldDescriptor field, JsonGenerator json)
      throws IOException {
    json.writeStartArray();
    for (Object item : (List<?>) message.getField(field)) {
      single(field, item, json);
    }
    json.writeEndArray();
  }

  /** Of a key that occurs twice, the last value counts, as in Protobuf's own maps. */
  private static void map(Message message, FieldDescriptor field, JsonGenerator json)
      throws IOException {
    FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
    FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
    Map<String, Object> entries = new LinkedHashMap<>();
    for (Object item : (List<?>) message.getField(field)) {
      Message entry = (Message) item;
      entries.put(keyText(key, entry.getField(key)), entry.getField(value));
    }
    json.writeStartObject();
    for (Map.Entry<String, Object> entry : entries.entrySet()) {
      json.writeFieldName(entry.getKey());
      single(value, entry.getValue(), json);
    }
    json.writeEndObject();
  }

  private static String keyText(FieldDescriptor key, Object value) {
    return switch (key.getType()) {
      case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) value);
      case UINT64, FIXED64 -> Long.toUnsignedString((Long) value);
      default -> value.toString();
    };
  }

  private static void single(FieldDescriptor field, Object value, JsonGenerator json)
      throws IOException {
    switch (field.getType()) {
      case INT32, SINT32, SFIXED32 -> json.writeNumber((Integer) value);
      case INT64, SINT64, SFIXED64 -> json.writeNumber((Long) value);
      case UINT32, FIXED32 -> json.writeNumber(Integer.toUnsignedLong((Integer) value));
      case UINT64, FIXED64 -> json.writeNumber(Long.toUnsignedString((Long) value));
      case FLOAT -> json.writeNumber((Float) value);
      case DOUBLE -> json.writeNumber((Double) value);
      case BOOL -> json.writeBoolean((Boolean) value);
      case STRING -> json.writeString((String) value);
      case BYTES -> json.writeBinary(((ByteString) value).toByteArray());
      case ENUM -> enumeration((EnumValueDescriptor) value, json);
      case MESSAGE, GROUP -> write((Message) value, json);
    }
  }

  /** A number that the enum does not have stays a number. */
  private static void enumeration(EnumValueDescriptor value, JsonGenerator json)
      throws IOException {
    if (value.getType().getFullName().equals(WELL_KNOWN + "NullValue")) {
      json.writeNull();
    } else if (value.getIndex() < 0) {
      json.writeNumber(value.getNumber());
    } else {
      json.writeString(value.getName());
    }
  }

  private static FieldDescriptor named(Message message, String name) {
    FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
    if (field == null) {
      throw new IllegalArgumentException(
          "%s without a field %s".formatted(message.getDescriptorForType().getFullName(), name));
    }
    return field;
  }

  private static Instant timestamp(Message message) {
    return Instant.ofEpochSecond(
        (Long) message.getField(named(message, "seconds")),
        (Integer) message.getField(named(message, "nanos")));
  }

  private static String duration(Message message) {
    BigDecimal seconds = BigDecimal.valueOf((Long) message.getField(named(message, "seconds")));
    BigDecimal nanos = BigDecimal.valueOf((Integer) message.getField(named(message, "nanos")), 9);
    return seconds.add(nanos).stripTrailingZeros().toPlainString() + "s";
  }

  /** A Value without any kind is null. */
  private static void dynamic(Message message, JsonGenerator json) throws IOException {
    List<FieldDescriptor> kinds = new ArrayList<>(message.getAllFields().keySet());
    if (kinds.isEmpty()) {
      json.writeNull();
    } else {
      single(kinds.get(0), message.getField(kinds.get(0)), json);
    }
  }
}
