package io.nova.judge.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.workload.input.Message;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappedRecordsTest {
  private static final String GITHUB =
      "{\"id\":\"4\",\"type\":\"PushEvent\",\"actor\":{\"id\":1,\"login\":\"ada\"},"
          + "\"payload\":{\"a\":[1 ]},\"public\":true,\"created_at\":\"2026-03-02T10:02:00Z\"}";
  private static final String OWN =
      "{\"version\":1,\"app\":{\"pointer\":\"/p\",\"values\":{\"shop\":4}},"
          + "\"user\":{\"pointer\":[\"/u/0/id\",\"/mail\"],\"number_as_text\":true},"
          + "\"upload_time\":{\"pointer\":\"/t\",\"format\":\"epoch_seconds\"},\"id\":\"/i\","
          + "\"properties\":\"/a~1b\",\"columns\":{\"city\":{\"constant\":\"Bern\"}},"
          + "\"identity\":[\"user_id\",\"insert_id\"]}";

  private static SentRecord read(String mapping, String json) {
    return new SentReader(RecordMapping.of(mapping)).read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Object value(SentRecord record, String column) {
    return record
        .content()
        .get(
            ExportKeys.ALL.stream()
                .filter(key -> key.column().equals(column))
                .findFirst()
                .orElseThrow());
  }

  @Test
  void githubEventsAreRead() {
    SentRecord record = read("github", GITHUB);

    assertThat(record.faults()).isEmpty();
    assertThat(value(record, "app")).isEqualTo(1L);
    assertThat(value(record, "user_id")).isEqualTo("ada");
    assertThat(value(record, "insert_id")).isEqualTo("4");
    assertThat(value(record, "event_properties")).isEqualTo("{\"a\":[1 ]}");
    assertThat(value(record, "server_upload_time")).isEqualTo(1_772_445_720_000_000L);
    assertThat(record.content().extraJson())
        .isEqualTo("{\"actor\":{\"id\":1,\"login\":\"ada\"},\"public\":true}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32LE", "ISO-8859-1"})
  void aMappingOfAnotherEncodingIsToldApartFromAMissingOne(String encoding, @TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("own.json");
    Files.write(file, OWN.replace("Bern", "Z\u00fcrich").getBytes(Charset.forName(encoding)));

    assertThatThrownBy(() -> RecordMapping.of(file.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void ownMappingsAreRead(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("own.json");
    Files.writeString(file, OWN);

    SentRecord record =
        read(
            file.toString(),
            "{\"p\":\"shop\",\"u\":[{\"id\":7},{}],\"mail\":null,\"t\":1772445720.5,\"i\":\"x\","
                + "\"a/b\": {},\"z\":null}");

    assertThat(record.faults()).isEmpty();
    assertThat(value(record, "app")).isEqualTo(4L);
    assertThat(value(record, "user_id")).isEqualTo("7");
    assertThat(value(record, "city")).isEqualTo("Bern");
    assertThat(value(record, "server_upload_time")).isEqualTo(1_772_445_720_500_000L);
    assertThat(record.content().extraJson())
        .isEqualTo("{\"p\":\"shop\",\"u\":[{\"id\":7},{}],\"z\":null}");
  }

  @Test
  void identityIsTheColumnsThatTheMappingNames() {
    Digest digest = new Digest();
    Optional<Digest.Words> first = read("github", GITHUB).content().identity(digest);
    String other = GITHUB.replace("\"login\":\"ada\"", "\"login\":\"eve\"");

    assertThat(read("github", other).content().identity(digest)).isEqualTo(first);
    assertThat(read("github", GITHUB.replace("\"4\"", "\"5\"")).content().identity(digest))
        .isNotEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "\"id\":\"4\"; \"id\":4; IDENTITY_INVALID",
        "\"id\":\"4\"; \"id\":\"\"; IDENTITY_MISSING",
        "\"id\":\"4\"; \"x\":4; IDENTITY_MISSING",
        "\"created_at\"; \"created\"; UPLOAD_TIME_MISSING",
        "\"2026-03-02T10:02:00Z\"; 5; UPLOAD_TIME_INVALID",
        "\"login\":\"ada\"; \"login\":\"ada\",\"login\":1; DUPLICATE_KEY",
      })
  void faultsAreThoseOfTheMappedFields(String good, String bad, Reason reason) {
    assertThat(read("github", GITHUB.replace(good, bad)).faults()).containsExactly(reason);
  }

  private static Message message(String text) {
    return new Message(text.getBytes(StandardCharsets.UTF_8), 0, Message.UNKNOWN_TIME);
  }

  @Test
  void fitOfAnElementIsToldWithItsEnvelope() {
    MappingFit fit = new MappingFit(RecordMapping.of("segment-batch"));

    assertThat(fit.misfit(message("{\"batch\":[{\"messageId\":\"m\"}],\"receivedAt\":5}")))
        .hasValueSatisfying(
            text -> assertThat(text).contains("upload_time: at envelope:/receivedAt found 5"));
    assertThat(fit.misfit(message("{\"messageId\":\"m\"}")))
        .hasValueSatisfying(
            text -> assertThat(text).contains("each: at \"/batch\" found no array"));
    assertThat(
            fit.misfit(
                message(
                    "{\"batch\":[{\"messageId\":\"m\"}],\"receivedAt\":\"2026-11-20T10:02:00Z\"}")))
        .isEmpty();
  }

  @Test
  void fitIsToldFieldByField() {
    MappingFit fit = new MappingFit(RecordMapping.of("segment"));

    assertThat(fit.misfit(message(GITHUB)))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("upload_time: at /receivedAt found nothing, expected a time")
                    .contains("id: at /messageId found nothing, expected a text")
                    .contains("keys id, type, actor, payload, public, created_at"));
    assertThat(new MappingFit(RecordMapping.of("github")).misfit(message(GITHUB))).isEmpty();
    assertThat(
            new MappingFit(RecordMapping.of("github"))
                .misfit(message(GITHUB.replace("\"4\"", "4"))))
        .hasValueSatisfying(text -> assertThat(text).contains("id: at /id found 4, expected"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"app\":\"/a\",\"upload_time\":\"/t\"}; version",
        "{\"version\":1,\"app\":\"/a\"}; upload_time",
        "{\"version\":1,\"app\":\"/a\",\"upload_time\":\"/t\",\"usr\":\"/u\"}; \"usr\"",
        "{\"version\":1,\"app\":\"/a\",\"upload_time\":\"t\"}; upload_time",
        "{\"version\":1,\"app\":\"/a\",\"upload_time\":{\"pionter\":\"/t\"}}; \"pionter\"",
        "{\"version\":1,\"app\":{},\"upload_time\":\"/t\"}; field app",
        "{\"version\":1,\"app\":\"/a\",\"upload_time\":\"/t\",\"columns\":{\"nobody\":\"/n\"}}; nobody",
        "[]; version",
        "{; no JSON",
      })
  void filesThatAreNoMappingSaySo(String text, String named, @TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("own.json");
    Files.writeString(file, text);

    assertThatThrownBy(() -> RecordMapping.of(file.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("own.json")
        .hasMessageContaining(named);
  }

  @Test
  void mappingsThatAreNotThereSaySo() {
    assertThatThrownBy(() -> RecordMapping.of("nobody"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nobody");
  }
}
