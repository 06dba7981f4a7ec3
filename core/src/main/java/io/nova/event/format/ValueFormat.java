package io.nova.event.format;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The format of a message's value. The names in lower case are values of a job option. */
public enum ValueFormat {
  /** JSON text in UTF-8. */
  JSON,
  /** Avro's binary encoding. */
  AVRO,
  /** Protocol Buffers' binary encoding. */
  PROTOBUF;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The name as an option has it, such as {@code avro}. */
  public String wireName() {
    return wireName;
  }

  /** The format with this name; empty where there is none. */
  public static Optional<ValueFormat> of(String wireName) {
    return Arrays.stream(values()).filter(format -> format.wireName.equals(wireName)).findFirst();
  }

  /** The names of all formats. */
  public static List<String> wireNames() {
    return Arrays.stream(values()).map(ValueFormat::wireName).toList();
  }
}
