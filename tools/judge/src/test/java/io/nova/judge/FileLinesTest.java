package io.nova.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.workload.input.FileMessages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLinesTest {
  @TempDir private Path folder;

  @Test
  void bothReadingsAgree() throws IOException {
    assertAgreed(3, Files.writeString(folder.resolve("a.jsonl"), "1\r\n\n2"));
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    members.writeBytes(gzipped("1\n2\n"));
    members.writeBytes(gzipped("3\n"));
    assertAgreed(3, Files.write(folder.resolve("b.gz"), members.toByteArray()));
    assertAgreed(
        4, zip("c.zip", "b.json", "a.ndjson", "e.JSON", "d.json.gz", "__MACOSX/._a.json", "x"));
  }

  @Test
  void aFileThatIsReadTwiceInsteadOfAnotherIsFound() throws IOException {
    String first = Files.writeString(folder.resolve("a.jsonl"), "1\n").toString();
    String other = Files.writeString(folder.resolve("b.jsonl"), "2\n").toString();

    assertThat(FileLines.apart(List.of(first, other)))
        .isNotEqualTo(FileLines.apart(List.of(first, first)));
    assertThat(FileLines.apart(List.of(first, other)))
        .isEqualTo(FileLines.apart(List.of(other, first)));
  }

  @Test
  void anArchiveThatUnpacksItselfIsReadFromItsFirstEntryOn() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("#!/bin/sh\nPK exit 0\n".getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(Files.readAllBytes(zip("plain.zip", "a.json", "b.json.gz")));

    assertAgreed(2, Files.write(folder.resolve("program.zip"), bytes.toByteArray()));
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    String file = Files.writeString(folder.resolve("a.zip"), "x").toString();

    assertThatThrownBy(() -> FileLines.apart(List.of(file)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(file);
  }

  private static void assertAgreed(long count, Path file) {
    List<String> files = List.of(file.toString());

    assertThat(FileLines.apart(files)).isEqualTo(FileLines.sent(new FileMessages(files)));
    assertThat(FileLines.apart(files).count()).isEqualTo(count);
  }

  private Path zip(String file, String... names) throws IOException {
    Path path = folder.resolve(file);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(path))) {
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name));
        String line = name + "\n";
        out.write(name.endsWith(".gz") ? gzipped(line) : line.getBytes(StandardCharsets.UTF_8));
      }
    }
    return path;
  }

  private static byte[] gzipped(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
