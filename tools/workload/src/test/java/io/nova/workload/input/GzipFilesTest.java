package io.nova.workload.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipFilesTest {
  private static final byte[] FIRST = gzipped("1\n2\n");
  private static final byte[] SECOND = gzipped("3\n4\n");

  @TempDir private Path folder;

  @Test
  void allMembersAreRead() throws IOException {
    assertThat(lines(FIRST, SECOND, gzipped(""), gzipped("5")))
        .containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void aLineMayCrossMembers() throws IOException {
    assertThat(lines(gzipped("ab"), gzipped("cd\n"))).containsExactly("abcd");
  }

  @Test
  void aPauseOfThePipeIsNotTheEnd() {
    InputStream before = System.in;
    System.setIn(new PausingStream(joined(FIRST, SECOND), FIRST.length));
    try {
      assertThat(lines(new FileMessages(List.of("-")))).containsExactly("1", "2", "3", "4");
    } finally {
      System.setIn(before);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 9, 10, 17, 18, 19, 25})
  void everySplitOfThePipeIsRead(int bytes) {
    InputStream before = System.in;
    System.setIn(new PausingStream(joined(FIRST, SECOND), bytes));
    try {
      assertThat(lines(new FileMessages(List.of("-")))).containsExactly("1", "2", "3", "4");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void zerosAtTheEndArePadding() throws IOException {
    assertThat(lines(FIRST, SECOND, new byte[100_000])).containsExactly("1", "2", "3", "4");
  }

  @Test
  void whateverElseFollowsAMemberIsAnError() {
    assertRefused("member 2", FIRST, "{}\n".getBytes(StandardCharsets.UTF_8));
    assertRefused("member 2", FIRST, "\n".getBytes(StandardCharsets.UTF_8), SECOND);
    assertRefused("zeros", FIRST, new byte[512], SECOND);
    assertRefused("member 2", FIRST, new byte[] {0x1f});
  }

  @Test
  void damageOfALaterMemberIsAnError() {
    for (int kept = 1; kept < SECOND.length; kept++) {
      assertRefused("member 2 is cut off", FIRST, Arrays.copyOf(SECOND, kept));
    }
    for (int at : List.of(0, 1, 2, 3)) {
      byte[] damaged = SECOND.clone();
      damaged[at] ^= (byte) 0x81;
      assertRefused("member 2", FIRST, damaged);
    }
    for (int last = 1; last <= 8; last++) {
      byte[] damaged = SECOND.clone();
      damaged[damaged.length - last] ^= 1;
      assertRefused(last <= 4 ? "length" : "checksum", FIRST, damaged);
    }
  }

  @Test
  void headersMayHaveEveryField() throws IOException {
    byte[] plain = gzipped("7\n");
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.write(new byte[] {0x1f, (byte) 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3});
    header.write(new byte[] {3, 0, 'x', 'y', 'z'});
    header.write("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
    CRC32 checksum = new CRC32();
    checksum.update(header.toByteArray());
    byte[] sum = {(byte) checksum.getValue(), (byte) (checksum.getValue() >> 8)};
    byte[] body = Arrays.copyOfRange(plain, 10, plain.length);

    assertThat(lines(FIRST, header.toByteArray(), sum, body)).containsExactly("1", "2", "7");
    sum[0] ^= 1;
    assertRefused("header", FIRST, header.toByteArray(), sum, body);
  }

  @Test
  void longMembersAreRead() throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      text.append(random.nextLong()).append('\n');
    }
    List<String> expected = text.toString().lines().toList();
    byte[] member = gzipped(text.toString());

    assertThat(lines(member)).isEqualTo(expected);
    assertThat(lines(member, member)).hasSize(2 * expected.size());
  }

  private void assertRefused(String reason, byte[]... parts) {
    assertThatThrownBy(() -> lines(parts))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("file.gz, after line ")
        .hasMessageContaining(reason);
  }

  private List<String> lines(byte[]... parts) throws IOException {
    Path path = Files.write(folder.resolve("file.gz"), joined(parts));
    return lines(new FileMessages(List.of(path.toString())));
  }

  private static List<String> lines(Messages source) {
    ArrayList<String> lines = new ArrayList<>();
    try (MessageCursor messages = source.open()) {
      messages.forEachRemaining(m -> lines.add(new String(m.value(), StandardCharsets.UTF_8)));
    }
    return lines;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  private static byte[] gzipped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A pipe that gives a few bytes at a time, and never knows that there are more. */
  private static final class PausingStream extends InputStream {
    private final ByteArrayInputStream bytes;
    private final int atOnce;

    PausingStream(byte[] bytes, int atOnce) {
      this.bytes = new ByteArrayInputStream(bytes);
      this.atOnce = atOnce;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      return bytes.read(target, offset, Math.min(length, atOnce));
    }
  }
}
