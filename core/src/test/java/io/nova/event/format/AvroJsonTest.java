package io.nova.event.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nova.event.EventTimes;
import io.nova.event.EventTimes.EventTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvroJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EVERY_TYPE =
      """
      {"type": "record", "name": "Event", "namespace": "example", "fields": [
        {"name": "text", "type": "string"},
        {"name": "small", "type": "int"},
        {"name": "large", "type": "long"},
        {"name": "real", "type": "double"},
        {"name": "short_real", "type": "float"},
        {"name": "flag", "type": "boolean"},
        {"name": "nothing", "type": "null"},
        {"name": "raw", "type": "bytes"},
        {"name": "fixed", "type": {"type": "fixed", "name": "Four", "size": 4}},
        {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
        {"name": "maybe", "type": ["null", "string", "long", "Kind"]},
        {"name": "list", "type": {"type": "array", "items": ["null", "double"]}},
        {"name": "map", "type": {"type": "map", "values": {"type": "array", "items": "int"}}},
        {"name": "inner", "type": ["null", {"type": "record", "name": "Inner", "fields": [
          {"name": "next", "type": ["null", "Inner"]},
          {"name": "n", "type": "long"}]}]}
      ]}
      """;

  private static ValueSchema schema(String text) {
    return new SchemaText(ValueFormat.AVRO, "", text, List.of()).parsed();
  }

  private static Schema avro(String text) {
    return new Schema.Parser().parse(text);
  }

  private static byte[] encoded(Schema schema, Object datum) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<Object>(schema).write(datum, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static String json(String schema, Object datum) throws Exception {
    return text(schema(schema).json(encoded(avro(schema), datum), 0));
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  /** A datum of Avro's own reader as plain lists and maps. */
  private static Object plain(Object datum) {
    if (datum instanceof GenericRecord fields) {
      Map<String, Object> object = new LinkedHashMap<>();
      fields
          .getSchema()
          .getFields()
          .forEach(field -> object.put(field.name(), plain(fields.get(field.pos()))));
      return object;
    }
    if (datum instanceof Map<?, ?> map) {
      Map<String, Object> object = new LinkedHashMap<>();
      map.forEach((key, value) -> object.put(key.toString(), plain(value)));
      return object;
    }
    if (datum instanceof List<?> list) {
      List<Object> array = new ArrayList<>();
      list.forEach(item -> array.add(plain(item)));
      return array;
    }
    if (datum instanceof ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      return Base64.getEncoder().encodeToString(copy);
    }
    if (datum instanceof GenericFixed bytes) {
      return Base64.getEncoder().encodeToString(bytes.bytes());
    }
    return datum instanceof CharSequence || datum instanceof GenericEnumSymbol<?>
        ? datum.toString()
        : datum;
  }

  @Test
  void everyTypeIsAsAvrosOwnReaderHasIt() throws Exception {
    Schema avro = avro(EVERY_TYPE);
    ValueSchema schema = schema(EVERY_TYPE);
    for (Object datum : new RandomData(avro, 500, 7L)) {
      byte[] bytes = encoded(avro, datum);
      Object read =
          new GenericDatumReader<>(avro)
              .read(null, DecoderFactory.get().binaryDecoder(bytes, null));

      assertThat(JSON.readTree(schema.json(bytes, 0)))
          .isEqualTo(JSON.readTree(JSON.writeValueAsString(plain(read))));
    }
  }

  @Test
  void theHeaderIsLeftOut() throws Exception {
    byte[] value = encoded(avro("\"long\""), 5L);
    byte[] message = new byte[value.length + 5];
    System.arraycopy(value, 0, message, 5, value.length);

    assertThat(text(schema("\"long\"").json(message, 5))).isEqualTo("5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\'',
      value = {
        "long; timestamp-millis; 1795168920123; \"2026-11-20T10:02:00.123Z\"",
        "long; timestamp-millis; -1; \"1969-12-31T23:59:59.999Z\"",
        "long; timestamp-micros; 1795168920123456; \"2026-11-20T10:02:00.123456Z\"",
        "long; timestamp-nanos; 1795168920123456789; \"2026-11-20T10:02:00.123456789Z\"",
        "long; local-timestamp-millis; 1795168920123; \"2026-11-20T10:02:00.123\"",
        "long; local-timestamp-micros; 1795168920000000; \"2026-11-20T10:02\"",
        "long; time-micros; 36120000001; \"10:02:00.000001\"",
        "int; time-millis; 36120000; \"10:02\"",
        "int; date; 20777; \"2026-11-20\"",
        "long; nobodys-type; 9223372036854775807; 9223372036854775807",
      })
  void timesAreIsoText(String type, String logical, long value, String expected) throws Exception {
    String schema = "{\"type\":\"%s\",\"logicalType\":\"%s\"}".formatted(type, logical);
    Object datum = type.equals("int") ? (Object) (int) value : (Object) value;

    assertThat(json(schema, datum)).isEqualTo(expected);
  }

  @Test
  void theMappingReadsEveryTimestampExactly() throws Exception {
    String schema = "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}";
    Random random = new Random(11);
    for (int i = 0; i < 2_000; i++) {
      // Years 0 to 9999.
      long micros =
          random.nextLong(-62_167_219_200_000_000L, 253_402_300_800_000_000L)
              / (i % 3 == 0 ? 1_000_000L : 1L)
              * (i % 3 == 0 ? 1_000_000L : 1L);
      String text = json(schema, micros);

      assertThat(EventTimes.parse(text.substring(1, text.length() - 1)))
          .contains(new EventTime(micros, true));
    }
  }

  @Test
  void decimalsAndUuidsKeepEveryDigit() throws Exception {
    String decimal =
        "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":30,\"scale\":4}";
    ByteBuffer unscaled =
        ByteBuffer.wrap(new BigInteger("-123456789012345678901234567").toByteArray());

    assertThat(json(decimal, unscaled)).isEqualTo("-12345678901234567890123.4567");
    assertThat(
            json(
                "{\"type\":\"string\",\"logicalType\":\"uuid\"}",
                "c6ef3124-b53a-4b13-a233-0088f79dcbcb"))
        .isEqualTo("\"c6ef3124-b53a-4b13-a233-0088f79dcbcb\"");
    String fixed = "{\"type\":\"fixed\",\"name\":\"Id\",\"size\":16,\"logicalType\":\"uuid\"}";
    ByteBuffer halves = ByteBuffer.allocate(16).putLong(0xc6ef3124b53a4b13L);
    halves.putLong(0xa2330088f79dcbcbL);
    assertThat(json(fixed, new GenericData.Fixed(avro(fixed), halves.array())))
        .isEqualTo("\"c6ef3124-b53a-4b13-a233-0088f79dcbcb\"");
  }

  @Test
  void numbersThatJsonDoesNotHaveAreText() throws Exception {
    assertThat(json("\"double\"", Double.NaN)).isEqualTo("\"NaN\"");
    assertThat(json("\"float\"", Float.NEGATIVE_INFINITY)).isEqualTo("\"-Infinity\"");
    assertThat(json("\"double\"", -0.0)).isEqualTo("-0.0");
  }

  @Test
  void textIsEscapedAndOtherwiseUnchanged() throws Exception {
    String text = "\"\\\u0000\n é 😀  ";

    assertThat(JSON.readTree(json("\"string\"", text)).textValue()).isEqualTo(text);
  }

  @Test
  void schemasReferToOthers() throws Exception {
    SchemaText geo =
        new SchemaText(
            ValueFormat.AVRO,
            "example.Geo",
            "{\"type\":\"record\",\"name\":\"Geo\",\"namespace\":\"example\",\"fields\":["
                + "{\"name\":\"city\",\"type\":\"string\"}]}",
            List.of());
    String event =
        "{\"type\":\"record\",\"name\":\"E\",\"namespace\":\"example\",\"fields\":["
            + "{\"name\":\"geo\",\"type\":\"Geo\"}]}";

    assertThat(
            text(
                new SchemaText(ValueFormat.AVRO, "", event, List.of(geo, geo))
                    .parsed()
                    .json(new byte[] {8, 'B', 'o', 'n', 'n'}, 0)))
        .isEqualTo("{\"geo\":{\"city\":\"Bonn\"}}");
  }

  @Test
  void everyBeginningOfAValueAndEveryLongerOneIsUndecodable() throws Exception {
    Schema avro = avro(EVERY_TYPE);
    ValueSchema schema = schema(EVERY_TYPE);
    for (Object datum : new RandomData(avro, 20, 3L)) {
      byte[] bytes = encoded(avro, datum);
      for (int length = 0; length < bytes.length; length++) {
        byte[] part = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> schema.json(part, 0)).isInstanceOf(UndecodableException.class);
      }
      assertThatThrownBy(() -> schema.json(Arrays.copyOf(bytes, bytes.length + 1), 0))
          .isInstanceOf(UndecodableException.class)
          .hasMessageContaining("bytes are left");
    }
  }

  /** The next value is read as if nothing had been. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void changedBytesAreUndecodableOrAnotherValueAndNothingElse() throws Exception {
    Schema avro = avro(EVERY_TYPE);
    ValueSchema schema = schema(EVERY_TYPE);
    Random random = new Random(5);
    byte[] good = null;
    String expected = null;
    for (Object datum : new RandomData(avro, 2_000, 5L)) {
      byte[] bytes = encoded(avro, datum);
      if (good == null) {
        good = bytes.clone();
        expected = text(schema.json(bytes, 0));
      }
      for (int change = 0; change < 5; change++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        JSON.readTree(text(schema.json(bytes, 0)));
      } catch (UndecodableException e) {
        assertThat(e).hasMessageContaining("the schema does not fit the bytes");
      }
      assertThat(text(schema.json(good, 0))).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\'',
      value = {
        // A length of 2^31 - 1, of 2^40, and of -1.
        "\"string\"; feffffff0f",
        "\"bytes\"; 80808080808040",
        "\"bytes\"; 01",
        // A million nulls in five bytes, and a negative number of them.
        "{\"type\":\"array\",\"items\":\"null\"}; 80897a00",
        "{\"type\":\"map\",\"values\":\"null\"}; ffffffffffffffffff01",
        // A branch, a symbol and a key that are none.
        "[\"null\",\"long\"]; 04",
        "{\"type\":\"enum\",\"name\":\"K\",\"symbols\":[\"A\"]}; 02",
        "{\"type\":\"map\",\"values\":\"null\"}; 0202ff00",
        "{\"type\":\"int\",\"logicalType\":\"time-millis\"}; 01",
        "{\"type\":\"fixed\",\"name\":\"F\",\"size\":1000000000}; 00",
      })
  void whatTheBytesPromiseIsNotBelieved(String schema, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertThatThrownBy(() -> schema(schema).json(bytes, 0))
        .isInstanceOf(UndecodableException.class);
  }

  @Test
  void nestingHasTheLimitOfMessages() throws Exception {
    String chain =
        "{\"type\":\"record\",\"name\":\"N\",\"fields\":["
            + "{\"name\":\"next\",\"type\":[\"null\",\"N\"]}]}";
    byte[] deep = new byte[5_000];
    Arrays.fill(deep, (byte) 2);
    deep[deep.length - 1] = 0;

    assertThatThrownBy(() -> schema(chain).json(deep, 0))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("1000");
    byte[] fits = Arrays.copyOfRange(deep, deep.length - 999, deep.length);
    ObjectNode read = (ObjectNode) JSON.readTree(schema(chain).json(fits, 0));
    assertThat(read.path("next").path("next").isObject()).isTrue();
  }

  @Test
  void textThatIsNoSchemaIsRefused() {
    assertThatThrownBy(() -> schema("{\"type\":\"recrod\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found no Avro schema");
    assertThatThrownBy(() -> schema("not JSON"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found no Avro schema");
  }

  @Test
  void defaultsOfOldClientsDoNotMatter() throws Exception {
    String schema =
        "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"a\","
            + "\"type\":\"long\",\"default\":\"none\"}]}";

    assertThat(text(schema(schema).json(new byte[] {10}, 0))).isEqualTo("{\"a\":5}");
  }
}
