package io.nova.kafka.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.event.format.SchemaText;
import io.nova.event.format.ValueFormat;
import io.nova.fixtures.SchemaRegistryServer;
import io.nova.fixtures.SchemaRegistryServer.Reference;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpSchemaRegistryTest {
  private final SchemaRegistryServer server = new SchemaRegistryServer();
  private final HttpSchemaRegistry registry = new HttpSchemaRegistry(server.url() + "/", "");

  @AfterEach
  void stop() {
    registry.close();
    server.close();
  }

  @Test
  void aSchemaWithoutATypeIsAvro() throws Exception {
    server.avro(7, "\"long\"");

    assertThat(registry.schema(7))
        .isEqualTo(new SchemaText(ValueFormat.AVRO, "schema-7.proto", "\"long\"", List.of()));
  }

  @Test
  void referencesAreFetchedBySubjectAndVersion() throws Exception {
    server.protobuf(8, "import \"geo.proto\";", new Reference("geo.proto", "shop/geo v1", 3));
    server.protobufVersion("shop%2Fgeo%20v1/versions/3", "message Geo {}");

    assertThat(registry.schema(8))
        .isEqualTo(
            new SchemaText(
                ValueFormat.PROTOBUF,
                "schema-8.proto",
                "import \"geo.proto\";",
                List.of(
                    new SchemaText(
                        ValueFormat.PROTOBUF, "geo.proto", "message Geo {}", List.of()))));
  }

  @Test
  void anIdThatTheRegistryDoesNotKnowIsUnknown() {
    assertThatThrownBy(() -> registry.schema(9)).isInstanceOf(UnknownSchemaException.class);
    assertThatThrownBy(() -> registry.schema(-1)).isInstanceOf(UnknownSchemaException.class);
    assertThat(server.asked("/schemas/ids/4294967295")).isEqualTo(1);
  }

  @Test
  void schemasOfAnotherKindAreUnknown() {
    server.answers("/schemas/ids/1", 200, "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}");

    assertThatThrownBy(() -> registry.schema(1))
        .isInstanceOf(UnknownSchemaException.class)
        .hasMessage("it is JSON, expected AVRO or PROTOBUF");
  }

  /** A wrong URL or a proxy must not reject every event. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "404; <html>not here</html>",
        "404; {\"error_code\":404}",
        "404; ",
        "500; {\"error_code\":50001}",
        "503; ",
        "429; ",
        "403; ",
        "302; ",
        "200; <html>hello</html>",
        "200; {}",
      })
  void otherAnswersAreNone(int status, String body) {
    server.answers("/schemas/ids/2", status, body == null ? "" : body);

    assertThatThrownBy(() -> registry.schema(2)).isInstanceOf(IOException.class);
  }

  @Test
  void itIsAwayWhileNobodyListens() throws Exception {
    server.avro(3, "\"int\"");
    server.goAway();
    assertThatThrownBy(() -> registry.schema(3)).isInstanceOf(IOException.class);

    server.comeBack();
    assertThat(registry.schema(3).text()).isEqualTo("\"int\"");
  }

  @Test
  void theHeaderOfTheUserIsSent() throws Exception {
    server.avro(4, "\"int\"");
    server.requireAuthorization("Bearer secret");
    assertThatThrownBy(() -> registry.schema(4))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("401");

    try (HttpSchemaRegistry user = new HttpSchemaRegistry(server.url(), "Bearer secret")) {
      assertThat(user.schema(4).text()).isEqualTo("\"int\"");
    }
  }
}
