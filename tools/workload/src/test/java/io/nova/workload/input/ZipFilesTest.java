package io.nova.workload.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipFilesTest {
  private static final String HOUR = "4711/4711_2026-11-20_10#0.json";

  @TempDir private Path folder;

  @Test
  void entriesOfOneNameAreEachReadOnce() throws IOException {
    Path zip = zip(entry(HOUR, "1\n"), entry(HOUR, "2\n"), entry(HOUR, "3\n"));

    assertThat(lines(zip)).containsExactly("1", "2", "3");
  }

  @Test
  void entriesThatShareTheirBytesAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(zip(entry("a.json", "1\n"), entry("b.json", "2\n")));
    int second = lastIndexOf(bytes, "b.json") - 46;
    for (int i = 42; i < 46; i++) {
      bytes[second + i] = 0;
    }

    assertThatThrownBy(() -> lines(Files.write(folder.resolve("shared.zip"), bytes)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("shared.zip")
        .hasMessageContaining("b.json");
  }

  @Test
  void noLineOfAnEntryWithAnotherChecksumIsRead() throws IOException {
    byte[] bytes = Files.readAllBytes(zip(entry("a.json", "1\n"), entry("b.json", "value-17\n")));
    bytes[lastIndexOf(bytes, "value-17") + 7] = '8';
    Path damaged = Files.write(folder.resolve("damaged.zip"), bytes);
    ArrayList<String> read = new ArrayList<>();

    assertThatThrownBy(() -> readInto(read, damaged))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("damaged.zip!b.json")
        .hasMessageContaining("checksum");
    assertThat(read).containsExactly("1");
  }

  @Test
  void filesOfMacOsAreNotRead() throws IOException {
    Path zip =
        zip(
            entry("4711/.DS_Store", "\0\1\2"),
            entry(HOUR, "1\n"),
            entry("__MACOSX/4711/._4711_2026-11-20_10#0.json", "\0\5\026\7"),
            entry("4711/._4711_2026-11-20_10#0.json.gz", "\0\5\026\7"));

    assertThat(lines(zip)).containsExactly("1");
    assertThat(leftOut(zip)).isEmpty();
  }

  @Test
  void everyEndingOfLinesIsReadAndTheOthersAreNamed() throws IOException {
    Path zip =
        zip(
            entry("a.json", "1\n"),
            entry("b.ndjson", "2\n"),
            entry("c.JSON", "3\n"),
            Entry.of("d.json.GZ", gzipped("4\n")),
            entry("e.jsonl.zst", "x"),
            entry("f", "5\n"),
            entry("g.json.1", "6\n"),
            Entry.of("h.log.gz", gzipped("7\n")),
            Entry.of("i.zip", Files.readAllBytes(zip(entry("z.json", "8\n")))));

    assertThat(lines(zip)).containsExactly("1", "2", "3", "4");
    assertThat(leftOut(zip)).hasSize(5).allMatch(name -> name.contains(".zip!"));
    assertThat(String.join("; ", leftOut(zip)))
        .contains("e.jsonl.zst:", "f:", "g.json.1:", "h.log.gz:", "i.zip:");
  }

  @Test
  void anEmptyEntryStopsNothing() throws IOException {
    Path zip = zip(entry("a_2026-11-20_9#0.json.gz", ""), entry(HOUR, "1\n"));

    assertThat(lines(zip)).containsExactly("1");
    assertThat(lines(zip(entry("a.json.gz", "")))).isEmpty();
  }

  @Test
  void anEntryWithBytesThatItsDirectoryDeniesIsAnError() throws IOException {
    byte[] bytes = Files.readAllBytes(zip(entry("a.json", "1\n"), entry("b.json", "2\n")));
    int second = lastIndexOf(bytes, "b.json") - 46;
    for (int i = 24; i < 28; i++) {
      bytes[second + i] = 0;
    }
    ArrayList<String> read = new ArrayList<>();

    assertThatThrownBy(() -> readInto(read, Files.write(folder.resolve("denied.zip"), bytes)))
        .hasMessageContaining("denied.zip!b.json")
        .hasMessageContaining("damaged: found 2 bytes");
    assertThat(read).containsExactly("1");
  }

  @Test
  void anEmptyArchiveOfAnyNameIsAnError() throws IOException {
    byte[] empty = Files.readAllBytes(zip());

    for (String name : List.of("empty.zip", "empty.jsonl")) {
      assertThatThrownBy(() -> lines(Files.write(folder.resolve(name), empty)))
          .hasMessageContaining(name)
          .hasMessageContaining("found no file that ends in .json");
    }
  }

  @Test
  void namesOfOldWindowsAreRead() throws IOException {
    Path zip = folder.resolve("windows.zip");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
      out.setEncoding("IBM850");
      out.setUseLanguageEncodingFlag(false);
      write(out, entry("M\u00e4rz/4711_2026-11-20_10#0.json", "1\n"));
      write(out, entry("M\u00e4rz\\4711_2026-11-20_9#0.json", "0\n"));
    }

    assertThat(lines(zip)).containsExactly("0", "1");
  }

  @Test
  void bytesBeforeAndAfterTheArchiveDoNotMatter() throws IOException {
    byte[] zip = Files.readAllBytes(zip(entry("a.json", "1\n")));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("#!/bin/sh\nexit 0\n".getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(zip);

    assertThat(lines(Files.write(folder.resolve("prefixed.ZIP"), bytes.toByteArray())))
        .containsExactly("1");
  }

  @Test
  void archivesWithoutLinesAreErrors() throws IOException {
    assertThatThrownBy(() -> lines(zip(entry("readme.txt", "x"))))
        .hasMessageContaining("found no file that ends in .json");
    assertThatThrownBy(() -> lines(Files.writeString(folder.resolve("text.zip"), "{}\n")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("text.zip");
  }

  @Test
  void encryptedEntriesAreNamedBeforeAnythingIsRead() throws IOException {
    byte[] bytes = Files.readAllBytes(zip(entry("a.json", "1\n"), entry("b.json", "2\n")));
    bytes[lastIndexOf(bytes, "b.json") - 46 + 8] |= 1;

    assertThatThrownBy(() -> lines(Files.write(folder.resolve("secret.zip"), bytes)))
        .hasMessageContaining("secret.zip")
        .hasMessageContaining("b.json is encrypted. Unpack the archive");
  }

  @Test
  void formatsThatAreNotReadAreNamed() throws IOException {
    Path zstd =
        Files.write(folder.resolve("a.jsonl"), new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd});
    assertThatThrownBy(() -> lines(zstd)).hasMessageContaining("zstd");

    assertNotRead("bzip2", "BZh91AY&SY");
    assertNotRead("zstd", "P*M\30\4\0\0\0");
    assertNotRead("7z", "7z¼¯");
    assertNotRead("Avro", "Obj\1\4");
    assertNotRead("Parquet", "PAR1\25\4");
    assertNotRead("UTF-16", "ÿþ{\0");
    assertNotRead("UTF-16", "þÿ\0{");
    assertThatThrownBy(() -> lines(Files.writeString(folder.resolve("a.tgz"), "{}\n")))
        .hasMessageContaining("found the format tar");

    byte[] once = gzipped("1\n");
    ByteArrayOutputStream twice = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(twice)) {
      out.write(once);
    }
    assertThatThrownBy(() -> lines(Files.write(folder.resolve("b.gz"), twice.toByteArray())))
        .hasMessageContaining("gzip within gzip");
  }

  private void assertNotRead(String format, String bytes) throws IOException {
    byte[] content = bytes.getBytes(StandardCharsets.ISO_8859_1);
    Path plain = Files.write(folder.resolve("c"), content);
    assertThatThrownBy(() -> lines(plain)).hasMessageContaining("found the format " + format);
    Path packed = Files.write(folder.resolve("c.gz"), gzipped(content));
    assertThatThrownBy(() -> lines(packed)).hasMessageContaining("found the format " + format);
  }

  @Test
  void sixteenThousandEntriesAreReadInSeconds() throws IOException {
    Path zip = folder.resolve("many.zip");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
      for (int i = 0; i < 16_000; i++) {
        write(out, entry("a_2026-11-20_10#" + i + ".json", i + "\n"));
      }
    }
    long start = System.nanoTime();

    assertThat(lines(zip)).hasSize(16_000).startsWith("0", "1", "2").endsWith("15999");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
  }

  /** A file of an archive; each char of its content is a byte. */
  private record Entry(String name, String content) {
    static Entry of(String name, byte[] content) {
      return new Entry(name, new String(content, StandardCharsets.ISO_8859_1));
    }

    byte[] bytes() {
      return content.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  private static Entry entry(String name, String content) {
    return new Entry(name, content);
  }

  private Path zip(Entry... entries) throws IOException {
    Path zip = Files.createTempFile(folder, "export", ".zip");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
      for (Entry entry : entries) {
        write(out, entry);
      }
    }
    return zip;
  }

  private static void write(ZipArchiveOutputStream out, Entry entry) throws IOException {
    out.setUseZip64(Zip64Mode.Never);
    out.setMethod(ZipArchiveOutputStream.STORED);
    ZipArchiveEntry made = new ZipArchiveEntry(entry.name());
    CRC32 checksum = new CRC32();
    checksum.update(entry.bytes());
    made.setMethod(ZipArchiveEntry.STORED);
    made.setSize(entry.bytes().length);
    made.setCrc(checksum.getValue());
    out.putArchiveEntry(made);
    out.write(entry.bytes());
    out.closeArchiveEntry();
  }

  private static int lastIndexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(text);
  }

  private static List<String> leftOut(Path path) {
    return new FileMessages(List.of(path.toString())).leftOut();
  }

  private static List<String> lines(Path path) {
    ArrayList<String> lines = new ArrayList<>();
    readInto(lines, path);
    return lines;
  }

  private static void readInto(List<String> lines, Path path) {
    try (MessageCursor messages = new FileMessages(List.of(path.toString())).open()) {
      messages.forEachRemaining(m -> lines.add(new String(m.value(), StandardCharsets.UTF_8)));
    }
  }

  private static byte[] gzipped(String text) throws IOException {
    return gzipped(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] gzipped(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }
}
