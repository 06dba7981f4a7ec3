package io.nova.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.workload.input.FileMessages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnreadFilesTest {
  @TempDir private Path folder;

  @Test
  void equalReadingsHaveNoDifference() throws Exception {
    String file = Files.writeString(folder.resolve("a.jsonl"), "{}\n{}\n").toString();

    assertThat(UnreadFiles.differences(new FileMessages(List.of(file)))).isEmpty();
  }

  @Test
  void aFileThatCannotBeReadAgainIsADifference() {
    String gone = folder.resolve("gone.jsonl").toString();

    assertThat(UnreadFiles.differences(new FileMessages(List.of(gone))))
        .singleElement()
        .asString()
        .contains("not compared", gone);
  }

  /** The JDK does not read stored entries whose size follows them, unless by the directory. */
  @Test
  void anArchiveThatCannotBeReadFromFrontToBackIsReadByItsDirectory() throws Exception {
    byte[] zip = storedZip();
    String file = Files.write(folder.resolve("a.zip"), zip).toString();
    assertThat(UnreadFiles.differences(new FileMessages(List.of(file)))).isEmpty();

    zip[6] |= 8;
    Files.write(folder.resolve("a.zip"), zip);
    assertThat(UnreadFiles.differences(new FileMessages(List.of(file)))).isEmpty();
  }

  private static byte[] storedZip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      ZipEntry entry = new ZipEntry("a.json");
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(2);
      entry.setCrc(0x6751_fc53L);
      out.putNextEntry(entry);
      out.write("1\n".getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void standardInputIsNotReadAgain() {
    InputStream in = System.in;
    System.setIn(InputStream.nullInputStream());
    try {
      assertThat(UnreadFiles.differences(new FileMessages(List.of("-")))).isEmpty();
    } finally {
      System.setIn(in);
    }
  }
}
