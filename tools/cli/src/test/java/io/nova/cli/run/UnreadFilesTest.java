package io.nova.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.workload.input.FileMessages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

  private List<String> differences(byte[] zip) throws IOException {
    Path file = Files.write(folder.resolve("a.zip"), zip);
    return UnreadFiles.differences(new FileMessages(List.of(file.toString())));
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
  void twoEqualReadingsAreNoDifference() throws IOException {
    assertThat(differences(storedZip())).isEmpty();
  }

  /** The JDK does not read stored entries whose size follows them, unless by the directory. */
  @Test
  void anArchiveThatCannotBeReadFromFrontToBackIsReadByItsDirectory() throws IOException {
    byte[] zip = storedZip();
    zip[6] |= 8;

    assertThat(differences(zip)).isEmpty();
  }
}
