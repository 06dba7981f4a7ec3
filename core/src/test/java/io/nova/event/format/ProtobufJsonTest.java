package io.nova.event.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EVENT =
      """
      syntax = "proto3";
      package example;
      import "google/protobuf/timestamp.proto";
      import "google/protobuf/duration.proto";
      import "google/protobuf/struct.proto";
      import "google/protobuf/wrappers.proto";
      import "geo.proto";
      message Other {}
      message Event {
        message Inner { string a = 1; }
        message Last { int32 b = 1; }
        enum Kind { NONE = 0; CLICK = 1; }
        string user_id = 1;
        int64 appNumber = 2;
        uint64 huge = 3;
        sint32 negative = 4;
        double real = 5;
        float short_real = 6;
        bool flag = 7;
        bytes raw = 8;
        Kind kind = 9;
        google.protobuf.Timestamp received = 10;
        google.protobuf.Duration took = 11;
        google.protobuf.Struct properties = 12;
        google.protobuf.Int64Value wrapped = 13;
        repeated Inner inner = 14;
        map<string, int32> counts = 15;
        map<int64, Last> by_number = 16;
        oneof choice { string left = 17; fixed32 right = 18; }
        optional int32 maybe = 19;
        geo.Place place = 20;
        repeated sint64 packed = 21;
      }
      """;
  private static final SchemaText GEO =
      new SchemaText(
          ValueFormat.PROTOBUF,
          "geo.proto",
          "syntax = \"proto3\"; package geo; message Place { string city = 1; }",
          List.of());
  private static final SchemaText SCHEMA =
      new SchemaText(ValueFormat.PROTOBUF, "event.proto", EVENT, List.of(GEO));

  /** The indexes of the second message. */
  private static final byte[] SECOND = {2, 2};

  private static byte[] bytes(byte[] indexes, byte[] message) {
    byte[] all = Arrays.copyOf(indexes, indexes.length + message.length);
    System.arraycopy(message, 0, all, indexes.length, message.length);
    return all;
  }

  private static String json(byte[] bytes) throws UndecodableException {
    return new String(SCHEMA.parsed().json(bytes, 0), UTF_8);
  }

  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static byte[] fields(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    fields.writeTo(out);
    out.flush();
    return bytes.toByteArray();
  }

  @Test
  void fieldsAreFoundByTheirNumbersAndNamedAsInTheFile() throws Exception {
    byte[] timestamp =
        fields(
            out -> {
              out.writeInt64(1, 1_795_168_920L);
              out.writeInt32(2, 123_000_000);
            });
    byte[] message =
        fields(
            out -> {
              out.writeString(1, "ann");
              out.writeInt64(2, 9_007_199_254_740_993L);
              out.writeUInt64(3, -1L);
              out.writeSInt32(4, -5);
              out.writeDouble(5, 27.5);
              out.writeFloat(6, 0.1f);
              out.writeBool(7, true);
              out.writeByteArray(8, new byte[] {1, 2, 3});
              out.writeEnum(9, 1);
              out.writeByteArray(10, timestamp);
              out.writeByteArray(14, fields(inner -> inner.writeString(1, "x")));
              out.writeByteArray(
                  15,
                  fields(
                      entry -> {
                        entry.writeString(1, "k");
                        entry.writeInt32(2, 4);
                      }));
              out.writeFixed32(18, -1);
              out.writeInt32(19, 0);
              out.writeByteArray(20, fields(place -> place.writeString(1, "Bonn")));
            });

    assertThat(json(bytes(SECOND, message)))
        .isEqualTo(
            "{\"user_id\":\"ann\",\"appNumber\":9007199254740993,\"huge\":18446744073709551615,"
                + "\"negative\":-5,\"real\":27.5,\"short_real\":0.1,\"flag\":true,\"raw\":\"AQID\","
                + "\"kind\":\"CLICK\",\"received\":\"2026-11-20T10:02:00.123Z\","
                + "\"inner\":[{\"a\":\"x\"}],\"counts\":{\"k\":4},\"right\":4294967295,\"maybe\":0,"
                + "\"place\":{\"city\":\"Bonn\"}}");
  }

  /** Of Protobuf's own printer only the integers of 64 bits differ, which it writes as text. */
  @Test
  void everyValueIsAsProtobufsOwnPrinterHasIt() throws Exception {
    String given =
        "{\"user_id\":\"é\\\"\",\"appNumber\":\"-7\",\"huge\":\"18446744073709551615\","
            + "\"negative\":-1,\"real\":\"NaN\",\"short_real\":1.5,\"flag\":true,\"raw\":\"/+8=\","
            + "\"kind\":\"CLICK\",\"received\":\"2026-11-20T10:02:00.000001Z\",\"took\":\"1.500s\","
            + "\"properties\":{\"a\":[1,null,{\"b\":\"c\"}],\"d\":true},\"wrapped\":\"5\","
            + "\"inner\":[{\"a\":\"x\"},{}],\"counts\":{\"k\":4,\"l\":0},"
            + "\"by_number\":{\"-9\":{\"b\":3}},\"left\":\"\",\"place\":{},"
            + "\"packed\":[\"-1\",\"2\"]}";
    FileDescriptor file = ProtobufSchema.compile(SCHEMA);
    DynamicMessage.Builder message = DynamicMessage.newBuilder(file.findMessageTypeByName("Event"));
    JsonFormat.parser().merge(given, message);

    JsonNode printed =
        JSON.readTree(
            JsonFormat.printer()
                .preservingProtoFieldNames()
                .print(message.build())
                .replace("\"1.500s\"", "\"1.5s\""));
    JsonNode written = JSON.readTree(json(bytes(SECOND, message.build().toByteArray())));
    assertThat(asText(written)).isEqualTo(asText(printed));
  }

  /** The JSON with each number as text without needless digits. */
  private static String asText(JsonNode json) {
    return json.toString()
        .replaceAll("\"(-?[0-9]+)\"(?!:)", "$1")
        .replaceAll("(?<=[0-9])\\.0(?=[,}\\]])", "");
  }

  @Test
  void indexesNameTheMessage() throws Exception {
    assertThat(json(new byte[] {0})).isEqualTo("{}");
    byte[] last = fields(out -> out.writeInt32(1, 8));

    assertThat(json(bytes(new byte[] {4, 2, 2}, last))).isEqualTo("{\"b\":8}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0208", "0401", "01", "ffffffff0f", "06020202", ""})
  void indexesThatNameNoMessageAreUndecodable(String hex) {
    assertThatThrownBy(() -> json(HexFormat.of().parseHex(hex)))
        .isInstanceOf(UndecodableException.class);
  }

  @Test
  void fieldsThatTheSchemaDoesNotHaveAreUndecodable() throws Exception {
    byte[] top = bytes(SECOND, fields(out -> out.writeInt32(99, 1)));
    byte[] nested =
        bytes(
            SECOND, fields(out -> out.writeByteArray(20, fields(place -> place.writeInt32(7, 1)))));

    assertThatThrownBy(() -> json(top))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("example.Event")
        .hasMessageContaining("99");
    assertThatThrownBy(() -> json(nested))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("geo.Place");
  }

  @Test
  void bytesThatAreNoUtf8AreUndecodable() throws Exception {
    byte[] message = bytes(SECOND, fields(out -> out.writeByteArray(1, new byte[] {(byte) 0xff})));

    assertThatThrownBy(() -> json(message)).isInstanceOf(UndecodableException.class);
  }

  @Test
  void anUnknownEnumValueIsItsNumber() throws Exception {
    assertThat(json(bytes(SECOND, fields(out -> out.writeEnum(9, 77))))).isEqualTo("{\"kind\":77}");
  }

  @Test
  void randomBytesAreUndecodableOrAValueAndNothingElse() {
    ValueSchema schema = SCHEMA.parsed();
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[2 + random.nextInt(40)];
      random.nextBytes(bytes);
      bytes[0] = 2;
      bytes[1] = 2;
      try {
        JSON.readTree(schema.json(bytes, 0));
      } catch (UndecodableException e) {
        assertThat(e).hasMessageContaining("the schema does not fit the bytes");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void textThatIsNoSchemaIsRefused() {
    for (String text : List.of("message {", "syntax = \"proto3\"; import \"missing.proto\";")) {
      assertThatThrownBy(
              () -> new SchemaText(ValueFormat.PROTOBUF, "a.proto", text, List.of()).parsed())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("found no .proto file");
    }
  }
}
