package io.nova.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.CommandException;
import io.nova.workload.input.FileMessages;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FirstRecordTest {
  private static final String GITHUB = "{\"id\":\"1\",\"created_at\":\"2026-03-02T10:00:00Z\"}\n";

  @TempDir Path folder;

  private Messages lines(String text) throws Exception {
    Path file = folder.resolve("events.jsonl");
    Files.writeString(file, text);
    return new FileMessages(List.of(file.toString()));
  }

  private static JobOptions mapping(String name) {
    return new JobOptions(Map.of("nova.mapping", name));
  }

  @Test
  void mappingThatDoesNotFitIsToldByFieldAndKeysThatAreThere() throws Exception {
    Messages messages = lines(GITHUB);

    assertThatThrownBy(() -> FirstRecord.checked(messages, mapping("snowplow")))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("snowplow does not fit message 1 of")
        .hasMessageContaining("upload_time: at /collector_tstamp found nothing")
        .hasMessageContaining("id: at /event_id found nothing")
        .hasMessageContaining("keys id, created_at")
        .hasMessageContaining("nothing was sent");
  }

  @Test
  void withoutAMappingTheRecordsAreAmplitudes() throws Exception {
    Messages messages = lines(GITHUB);

    assertThatThrownBy(() -> FirstRecord.checked(messages, new JobOptions(Map.of())))
        .hasMessageContaining("app: at /app found nothing, expected an integer");
  }

  @Test
  void badRecordsBeforeTheFirstDecideNothing() throws Exception {
    Messages messages = lines("\nnot json\n[1]\n" + GITHUB);

    assertThatCode(() -> FirstRecord.checked(messages, mapping("github")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> FirstRecord.checked(messages, mapping("segment")))
        .hasMessageContaining("message 4 of");
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeIsNotReadTwice() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> assertThatCode(() -> Files.writeString(pipe, GITHUB + "x\n")).isNull());

    Messages checked =
        FirstRecord.checked(new FileMessages(List.of(pipe.toString())), mapping("github"));

    try (MessageCursor cursor = checked.open()) {
      assertThat(cursor).toIterable().hasSize(2);
    }
    writing.join();
  }

  @Test
  void standardInputIsNotReadTwice() {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream((GITHUB + "x\n").getBytes(StandardCharsets.UTF_8)));
    try {
      Messages checked =
          FirstRecord.checked(
              new FileMessages(List.of(FileMessages.STANDARD_INPUT)), mapping("github"));
      ArrayList<String> values = new ArrayList<>();
      try (MessageCursor cursor = checked.open()) {
        cursor.forEachRemaining(
            message -> values.add(new String(message.value(), StandardCharsets.UTF_8)));
      }
      assertThat(values).containsExactly(GITHUB.strip(), "x");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void mappingsThatAreNotThereAreFailures() {
    assertThatThrownBy(() -> mapping("nobody.json").mapping())
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("nobody.json");
  }
}
