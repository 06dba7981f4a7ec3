package io.nova.event.mapping;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mistakes in a mapping file, and the words of their errors. */
class MappingFileTest {
  private static final String HEAD =
      "\"version\":1,\"app\":\"/a\",\"upload_time\":\"/t\",\"columns\":{\"uuid\":\"/u\"}";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "[]; found []; a JSON object",
        "{; no JSON; line 1",
        "{} {}; no JSON; ",
        "{\"version\":1,\"version\":1}; no JSON; version",
        "{}; version; found nothing",
        "{\"version\":2}; version; found 2",
        "{\"version\":\"1\"}; version; found \"1\"",
        "{HEAD,\"uplod\":\"/x\"}; uplod; expected one of version",
        "{\"version\":1,\"upload_time\":\"/t\"}; app; found nothing",
        "{\"version\":1,\"app\":\"/a\"}; upload_time; found nothing",
        "{\"version\":1,\"app\":\"/a\",\"upload_time\":\"/t\"}; identity; none of the usual kinds",
        "{HEAD,\"user\":\"u\"}; field user: found \"u\"; JSON pointer",
        "{HEAD,\"user\":\"\"}; field user: found \"\"; JSON pointer",
        "{HEAD,\"user\":\"/a~2\"}; field user: found \"/a~2\"; JSON pointer",
        "{HEAD,\"user\":\"/a~\"}; field user: found \"/a~\"; JSON pointer",
        "{HEAD,\"user\":null}; field user: found null; JSON pointer",
        "{HEAD,\"user\":5}; field user: found 5; JSON pointer",
        "{HEAD,\"user\":[]}; field user: found []; JSON pointer",
        "{HEAD,\"user\":[\"/a\",[]]}; field user: found []; JSON pointer",
        "{HEAD,\"user\":[\"/a\",\"/a\"]}; field user; each pointer once",
        "{HEAD,\"user\":{}}; field user.pointer: found nothing; JSON pointer",
        "{HEAD,\"user\":{\"pionter\":\"/a\"}}; pionter; pointer, constant, number_as_text",
        "{HEAD,\"user\":{\"constant\":5}}; field user.constant: found 5; a string",
        "{HEAD,\"user\":{\"constant\":\"x\",\"pointer\":\"/a\"}}; field user; a constant alone",
        "{HEAD,\"user\":{\"pointer\":\"/a\",\"number_as_text\":1}}; number_as_text; true or false",
        "{HEAD,\"user\":{\"pointer\":\"/a\",\"format\":\"auto\"}}; format; pointer, constant",
        "{HEAD,\"event_time\":{\"pointer\":\"/a\",\"format\":\"epoch\"}}; event_time.format: found \"epoch\"; auto, epoch_seconds",
        "{HEAD,\"event_time\":{\"pointer\":\"/a\",\"format\":1}}; event_time.format: found 1; auto",
        "{HEAD,\"event_time\":{\"constant\":\"2026-11-20 10:00:00\"}}; event_time.constant; has no constant",
        "{HEAD,\"properties\":{\"constant\":{}}}; properties.constant; has no constant",
        "{HEAD,\"properties\":{\"pointer\":\"/p\",\"values\":{\"a\":1}}}; values; pointer, constant",
        "{HEAD,\"each\":5}; field each: found 5; a JSON pointer to an array",
        "{HEAD,\"each\":\"batch\"}; field each: found \"batch\"; a JSON pointer to an array",
        "{HEAD,\"each\":\"envelope:/batch\"}; field each; a JSON pointer to an array",
        "{HEAD,\"user\":\"envelope:/u\"}; field user: found \"envelope:/u\"; each is absent",
        "{HEAD,\"each\":\"/b\",\"user\":\"envelope:u\"}; field user; JSON pointer",
        "{HEAD,\"each\":\"/b\",\"user\":\"envelope:/b/0/u\"}; field user; outside the elements",
        "{HEAD,\"each\":\"\",\"user\":\"envelope:/u\"}; field user; outside the elements",
        "{HEAD,\"each\":\"/b\",\"properties\":\"envelope:/p\"}; field properties; the column takes any JSON",
        "{HEAD,\"columns\":[]}; no JSON; columns",
        "{HEAD,\"identity\":[]}; field identity: found []; a list of columns",
        "{HEAD,\"identity\":\"uuid\"}; field identity: found \"uuid\"; a list of columns",
        "{HEAD,\"identity\":[5]}; field identity: found 5; this mapping fills",
        "{HEAD,\"identity\":[\"city\"]}; field identity: found \"city\"; this mapping fills",
        "{HEAD,\"identity\":[\"nobody\"]}; field identity: found \"nobody\"; this mapping fills",
        "{HEAD,\"identity\":[\"uuid\",\"uuid\"]}; field identity; twice",
        "{HEAD,\"identity\":[\"app\"]}; field identity; leave it out",
      })
  void mistakesAreToldByFileFieldFoundAndExpected(String file, String found, String expected) {
    assertThatThrownBy(() -> Mapping.parse("my.json", file.replace("HEAD", HEAD)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Mapping my.json")
        .hasMessageContaining(found)
        .hasMessageContaining(expected == null ? "" : expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"constant\":\"7\"}; app.constant: found \"7\"; an integer",
        "{\"constant\":7.0}; app.constant: found 7.0; an integer",
        "{\"pointer\":\"/a\",\"values\":[]}; app.values: found []; an object",
        "{\"pointer\":\"/a\",\"values\":{}}; app.values: found {}; an object",
        "{\"pointer\":\"/a\",\"values\":{\"x\":\"1\"}}; app.values.x: found \"1\"; an integer",
        "{\"pointer\":\"/a\",\"values\":{\"x\":99999999999999999999}}; app.values.x; an integer",
      })
  void mistakesInTheAppAreTold(String app, String found, String expected) {
    String file =
        "{\"version\":1,\"upload_time\":\"/t\",\"columns\":{\"uuid\":\"/u\"},\"app\":" + app + "}";

    assertThatThrownBy(() -> Mapping.parse("my.json", file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(found)
        .hasMessageContaining(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "[]; field columns: found []; an object",
        "{\"nobody\":\"/n\"}; the key \"nobody\"; adid",
        "{\"user_id\":\"/n\"}; the key \"user_id\"; uuid",
        "{\"city\":7}; field columns.city: found 7; JSON pointer",
      })
  void mistakesInTheColumnsAreTold(String columns, String found, String expected) {
    String file =
        "{\"version\":1,\"app\":\"/a\",\"upload_time\":\"/t\",\"device\":\"/d\",\"id\":\"/i\","
            + "\"columns\":"
            + columns
            + "}";

    assertThatThrownBy(() -> Mapping.parse("my.json", file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(found)
        .hasMessageContaining(expected);
  }

  @Test
  void filesAreReadFromDisk(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("mine.json");
    Files.writeString(file, "{" + HEAD + ",\"identity\":[\"uuid\"]}");

    Assertions.assertThat(Mapping.of(file.toString()).identity()).containsExactly("uuid");
    assertThatThrownBy(() -> Mapping.of(folder.resolve("none.json").toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none.json")
        .hasMessageContaining("segment, segment-batch, snowplow]");
  }

  @Test
  void aFileThatIsNotUtf8IsNamed(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("wide.json");
    Files.writeString(file, "{" + HEAD + "}", StandardCharsets.UTF_16);

    assertThatThrownBy(() -> Mapping.of(file.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("wide.json: found bytes that are not UTF-8")
        .hasMessageContaining("expected a JSON file in UTF-8");
  }
}
