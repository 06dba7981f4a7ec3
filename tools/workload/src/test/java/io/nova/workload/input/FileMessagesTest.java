package io.nova.workload.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileMessagesTest {
  @TempDir private Path folder;

  @Test
  void everyLineIsAMessage() throws IOException {
    assertThat(lines(file("a.jsonl", "{}\n\nx\r\n\r\nlast")))
        .containsExactly("{}", "", "x", "", "last");
    assertThat(lines(file("b.jsonl", "{}\n"))).containsExactly("{}");
    assertThat(lines(file("c.jsonl", "\n"))).containsExactly("");
    assertThat(lines(file("d.jsonl", ""))).isEmpty();
  }

  @Test
  void bytesAreNotTouched() throws IOException {
    byte[] bytes = {(byte) 0xff, 0, '\r', (byte) 0xc3, '\n'};
    Path path = Files.write(folder.resolve("raw"), bytes);

    try (MessageCursor messages = new FileMessages(List.of(path.toString())).open()) {
      assertThat(messages.next().value()).isEqualTo(Arrays.copyOf(bytes, 4));
    }
  }

  @Test
  void lineOfTenMegabytesIsOneMessage() throws IOException {
    Path path = file("long.json", "a\n" + "x".repeat(11_000_000) + "\nb\n");

    assertThat(lines(path)).extracting(String::length).containsExactly(1, 11_000_000, 1);
  }

  @Test
  void gzipIsUnpackedWhateverItsName() throws IOException {
    assertThat(lines(gzip("a.json.gz", "1\n2\n"))).containsExactly("1", "2");
    assertThat(lines(gzip("a.json", "1\n2\n"))).containsExactly("1", "2");
  }

  @Test
  void zipIsReadByTheHour() throws IOException {
    Path zip = folder.resolve("export.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (String name :
          List.of("2026-03-02_10#0", "2026-03-02_9#10", "2026-03-02_9#2", "2026-03-01_23#0")) {
        out.putNextEntry(new ZipEntry("187520/187520_" + name + ".json.gz"));
        out.write(gzipped(name + "\n"));
      }
      out.putNextEntry(new ZipEntry("187520/readme.txt"));
      out.write(1);
    }

    assertThat(lines(zip))
        .containsExactly("2026-03-01_23#0", "2026-03-02_9#2", "2026-03-02_9#10", "2026-03-02_10#0");
  }

  @Test
  void uploadTimeIsFoundForThePace() throws IOException {
    Path path = file("a.json", "{\"server_upload_time\": \"2026-03-02 10:05:00.25\"}\n{}\nx\n");

    try (MessageCursor messages = new FileMessages(List.of(path.toString())).open()) {
      assertThat(messages.next().uploadMicros()).isEqualTo(1_772_445_900_000_000L);
      assertThat(messages.next().uploadMicros()).isEqualTo(Message.UNKNOWN_TIME);
      assertThat(messages.next().uploadMicros()).isEqualTo(Message.UNKNOWN_TIME);
    }
  }

  @Test
  void fileThatIsNotThereIsNamedBeforeAnythingIsRead() throws IOException {
    String there = file("a.json", "1\n").toString();
    FileMessages files = new FileMessages(List.of(there, folder + "/gone.json"));

    assertThatThrownBy(files::open)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("gone.json")
        .hasMessageContaining("no such file");
  }

  @Test
  void cutGzipGivesItsLinesAndThenNamesThePlace() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      text.append(i * 7919L % 100_003).append('\n');
    }
    byte[] whole = gzipped(text.toString());
    Path path = Files.write(folder.resolve("cut.gz"), Arrays.copyOf(whole, whole.length / 2));

    assertThatThrownBy(() -> lines(path))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cut.gz, after line ");
  }

  @Test
  void textNamedGzipIsAnError() throws IOException {
    Path path = file("a.json.gz", "{}\n");

    assertThatThrownBy(() -> lines(path)).hasMessageContaining("not gzip");
  }

  @Test
  void messagesWithoutSomeKeepTheirOrder() throws IOException {
    FileMessages all = new FileMessages(List.of(file("a.json", "0\n1\n2\n3\n4\n").toString()));

    assertThat(lines(new MessagesWithout(all, List.of(4L, 0L, 2L)))).containsExactly("1", "3");
    assertThat(lines(new MessagesWithout(all, List.of()))).hasSize(5);
  }

  private static List<String> lines(Path path) {
    return lines(new FileMessages(List.of(path.toString())));
  }

  private static List<String> lines(Messages source) {
    ArrayList<String> lines = new ArrayList<>();
    try (MessageCursor messages = source.open()) {
      messages.forEachRemaining(m -> lines.add(new String(m.value(), StandardCharsets.UTF_8)));
    }
    return lines;
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Path gzip(String name, String text) throws IOException {
    return Files.write(folder.resolve(name), gzipped(text));
  }

  private static byte[] gzipped(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
