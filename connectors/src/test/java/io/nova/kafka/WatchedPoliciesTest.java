package io.nova.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nova.policy.Policy;
import io.nova.shard.ConflictRule;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchedPoliciesTest {
  private static final Policy BASE =
      new Policy(List.of(), Duration.ofMinutes(10), ConflictRule.KEEP_FIRST);

  @TempDir private Path folder;
  private int writes;

  private Path file() {
    return folder.resolve("policies.json");
  }

  private void write(String entries) throws IOException {
    Files.writeString(file(), "{\"version\":1,\"policies\":[" + entries + "]}");
    Files.setLastModifiedTime(file(), FileTime.fromMillis(1_000L * ++writes));
  }

  private WatchedPolicies watched() {
    return new WatchedPolicies(
        new PolicyRules(
            file().toUri().toString(), BASE, Duration.ofHours(24), Duration.ofNanos(1)));
  }

  /** Looks at the file; app 7 then has a window of hours, and the file is refused or not. */
  private static void mustFollow(WatchedPolicies watched, int hours, boolean refused) {
    watched.look();
    assertThat(watched.refused()).isEqualTo(refused);
    assertThat(watched.of(7, 0).window()).isEqualTo(Duration.ofHours(hours));
  }

  @Test
  void aChangeOfTheFileIsFollowed() throws IOException {
    write("");
    WatchedPolicies watched = watched();
    assertThat(watched.of(7, 0)).isEqualTo(BASE);

    write("{\"app\":7,\"conflict\":\"reject\"}");
    assertThat(watched.of(7, 0)).isEqualTo(BASE);
    watched.lookFromTimeToTime();

    assertThat(watched.of(7, 0).conflict()).isEqualTo(ConflictRule.REJECT);
    assertThat(watched.refused()).isFalse();
  }

  @Test
  void aBrokenOrMissingFileChangesNothingAndIsTold() throws IOException {
    write("{\"app\":7,\"window\":\"1 h\"}");
    WatchedPolicies watched = watched();

    write("{\"app\":7,\"window\":\"soon\"}");
    mustFollow(watched, 1, true);

    Files.delete(file());
    mustFollow(watched, 1, true);

    write("{\"app\":7,\"window\":\"2 h\"}");
    mustFollow(watched, 2, false);
  }

  /** A folder cannot be read, an empty or half a file has an error; the whole file counts again. */
  @Test
  void aFileThatIsReplacedInStepsIsFollowedAtItsEnd() throws IOException {
    write("{\"app\":7,\"window\":\"1 h\"}");
    WatchedPolicies watched = watched();

    Files.delete(file());
    Files.createDirectory(file());
    watched.look();
    assertThat(watched.refused()).isTrue();
    Files.delete(file());
    for (String half : List.of("", "{\"version\":1,\"policies\":[{\"app\":7,\"win")) {
      Files.writeString(file(), half);
      mustFollow(watched, 1, true);
    }

    write("{\"app\":7,\"window\":\"2 h\"}");
    mustFollow(watched, 2, false);
  }

  /** Otherwise a name in it would be another name. */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "ISO-8859-1", "UTF-32"})
  void aFileThatIsNoUtf8IsRefused(String charset) throws IOException {
    write("");
    WatchedPolicies watched = watched();

    Files.writeString(
        file(),
        "{\"version\":1,\"policies\":[{\"app\":7,\"identity\":[\"\u00e4\"]}]}",
        Charset.forName(charset));
    watched.look();

    assertThat(watched.refused()).isTrue();
    assertThat(watched.of(7, 0)).isEqualTo(BASE);
  }

  @Test
  void aWindowThatFingerprintsDoNotStayForIsRefused() throws IOException {
    write("");
    WatchedPolicies watched = watched();

    write("{\"app\":7,\"window\":\"25 h\"}");
    watched.look();

    assertThat(watched.refused()).isTrue();
    assertThat(watched.of(7, 0)).isEqualTo(BASE);
    assertThatIllegalArgumentException()
        .isThrownBy(this::watched)
        .withMessageContaining("PT25H")
        .withMessageContaining("nova.dedup.largest-window");
  }

  @Test
  void aFileThatIsNotThereStopsAStart() {
    assertThatIllegalArgumentException()
        .isThrownBy(this::watched)
        .withMessageContaining("policies.json");
  }

  /** A file whose content or version cannot be read from time to time. */
  private static final class ShakyFile implements WatchedPolicies.Source {
    private String version = "1";
    private String entries = "";
    private int failingReads;
    private boolean versionFails;

    @Override
    public String version() throws IOException {
      if (versionFails) {
        throw new IOException("no answer");
      }
      return version;
    }

    @Override
    public byte[] bytes() throws IOException {
      if (failingReads > 0) {
        failingReads--;
        throw new IOException("no datanode");
      }
      return ("{\"version\":1,\"policies\":[" + entries + "]}").getBytes(StandardCharsets.UTF_8);
    }
  }

  private static WatchedPolicies watched(ShakyFile file) {
    return new WatchedPolicies(
        new PolicyRules("shaky", BASE, Duration.ofHours(24), Duration.ofNanos(1)), file);
  }

  /** Otherwise one reader would keep other identities than all others. */
  @Test
  void versionThatCouldNotBeReadIsTriedAgain() {
    ShakyFile file = new ShakyFile();
    WatchedPolicies watched = watched(file);
    file.version = "2";
    file.entries = "{\"app\":7,\"conflict\":\"reject\"}";
    file.failingReads = 2;

    watched.look();
    watched.look();
    assertThat(watched.refused()).isTrue();
    assertThat(watched.of(7, 0)).isEqualTo(BASE);
    watched.look();

    assertThat(watched.refused()).isFalse();
    assertThat(watched.of(7, 0).conflict()).isEqualTo(ConflictRule.REJECT);
  }

  @Test
  void fileThatAnswersAgainWithTheVersionInForceIsNotRefused() {
    ShakyFile file = new ShakyFile();
    WatchedPolicies watched = watched(file);
    file.versionFails = true;
    watched.look();
    assertThat(watched.refused()).isTrue();

    file.versionFails = false;
    watched.look();

    assertThat(watched.refused()).isFalse();
  }

  @Test
  void brokenVersionIsRefusedUntilAnotherOneComes() {
    ShakyFile file = new ShakyFile();
    WatchedPolicies watched = watched(file);
    file.version = "2";
    file.entries = "broken";
    watched.look();
    file.versionFails = true;
    watched.look();
    file.versionFails = false;
    watched.look();
    assertThat(watched.refused()).isTrue();

    file.version = "1";
    file.entries = "";
    watched.look();
    assertThat(watched.refused()).isFalse();
  }
}
