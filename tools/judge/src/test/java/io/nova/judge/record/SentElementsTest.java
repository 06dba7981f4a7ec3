package io.nova.judge.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.judge.record.SentElements.SentElement;
import io.nova.workload.input.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentElementsTest {
  private static final String MAPPING =
      "{\"version\":1,\"each\":\"/in/batch\",\"app\":[\"/app\",\"envelope:/meta/app\"],"
          + "\"upload_time\":\"/t\",\"id\":\"/id\",\"identity\":[\"insert_id\"]}";

  @TempDir private Path folder;
  private SentElements elements;

  @BeforeEach
  void mappingIsRead() throws IOException {
    Path file = Files.writeString(folder.resolve("mapping.json"), MAPPING);
    elements = new SentElements(RecordMapping.of(file.toString()));
  }

  private List<SentElement> of(String text) {
    return elements.of(new Message(text.getBytes(UTF_8), 0, 0));
  }

  @Test
  void eachElementHasItsBytesAndTheEnvelope() {
    String a = "{\"id\":\"a\",\"t\":\"2026-11-20T10:00:00Z\"}";
    List<SentElement> found =
        of(" {\"meta\":{\"app\":7},\"in\":{\"batch\": [ " + a + " ,[1,{}],\"],\"] }} ");

    assertThat(found)
        .extracting(one -> new String(one.value(), UTF_8))
        .containsExactly(a, "[1,{}]", "\"],\"");
    assertThat(found)
        .extracting(one -> new String(one.envelope(), UTF_8))
        .containsOnly(" {\"meta\":{\"app\":7},\"in\":{\"batch\": [] }} ");
    assertThat(found.get(0).record().content().get(ExportKeys.APP)).isEqualTo(7L);
    assertThat(found.get(1).record().faults()).containsExactly(Reason.NOT_AN_OBJECT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{}; ELEMENTS_MISSING",
        "{\"in\":{\"batch\":null}}; ELEMENTS_MISSING",
        "{\"in\":[]}; ELEMENTS_MISSING",
        "{\"in\":{\"batch\":{}}}; ELEMENTS_INVALID",
        "{\"in\":{\"batch\":[]}; NOT_JSON",
        "{\"in\":{\"batch\":[],\"batch\":[]}}; DUPLICATE_KEY",
        "{\"meta\":{\"x\":1,\"x\":1},\"in\":{\"batch\":[]}}; DUPLICATE_KEY",
      })
  void aFaultOfTheMessageIsOne(String text, Reason reason) {
    assertThat(of(text))
        .singleElement()
        .satisfies(
            whole -> {
              assertThat(whole.record().faults()).containsExactly(reason);
              assertThat(whole.envelope()).isNull();
            });
  }

  @Test
  void copiesOfAnEnvelopeThatAreTooLargeTogetherAreAFault() {
    String text = "{\"pad\":\"" + "x".repeat(8_000) + "\",\"in\":{\"batch\":[7%s]}}";

    assertThat(of(text.formatted(",7".repeat(2_000)))).hasSize(2_001);
    assertThat(of(text.formatted(",7".repeat(2_100))))
        .singleElement()
        .satisfies(
            whole -> assertThat(whole.record().faults()).containsExactly(Reason.ELEMENTS_INVALID));
  }

  @Test
  void aMessageWithoutElementsHasNone() {
    assertThat(of("{\"in\":{\"batch\":[ ]}}")).isEmpty();
  }

  @Test
  void aReplayedElementIsReadWithItsEnvelope() {
    byte[] value = "{\"id\":\"a\",\"t\":\"2026-11-20T10:00:00Z\"}".getBytes(UTF_8);
    byte[] envelope = "{\"meta\":{\"app\":7}}".getBytes(UTF_8);

    assertThat(elements.of(new Message(value, envelope, 0, 0)))
        .singleElement()
        .satisfies(one -> assertThat(one.record().content()).isNotNull());
    assertThat(elements.of(new Message(value, new byte[0], 0, 0)))
        .singleElement()
        .satisfies(one -> assertThat(one.record().faults()).containsExactly(Reason.APP_MISSING));
  }
}
