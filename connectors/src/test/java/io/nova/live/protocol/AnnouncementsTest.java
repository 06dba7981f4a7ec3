package io.nova.live.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.nova.iceberg.Storage;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnouncementsTest {
  @TempDir private Path folder;

  private Announcements announcements() {
    return new Announcements("file:" + folder, Storage.configuration());
  }

  private static Announcement of(String generation, int subtask, int port) {
    return new Announcement(
        1,
        generation,
        subtask,
        0,
        "h",
        port,
        false,
        "t",
        false,
        List.of(new ShardEnd(subtask, 0, 1)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void announcementsOfAGenerationAreReadBySubtask(boolean plainHadoop) throws IOException {
    Announcements announcements =
        plainHadoop ? new Announcements("file:" + folder, new Configuration()) : announcements();
    for (int subtask : new int[] {11, 2, 0}) {
      announcements.write(of("g", subtask, 80));
      announcements.write(of("older", subtask, 81));
    }
    announcements.write(of("g", 2, 82));

    assertThat(announcements.read("g"))
        .containsExactly(of("g", 0, 80), of("g", 2, 82), of("g", 11, 80));
    assertThat(announcements.read("never")).isEmpty();
    try (Stream<Path> files = Files.list(folder.resolve("live/g"))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("0.json", "2.json", "11.json");
    }
  }

  @Test
  void readerFindsAWholeAnnouncementWhileItIsReplaced() throws IOException {
    announcements().write(of("g", 0, 0));
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              for (int port = 1; port <= 1_000; port++) {
                try {
                  announcements().write(of("g", 0, port));
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              }
            });
    while (!writer.isDone()) {
      assertThat(announcements().read("g")).hasSize(1);
    }
    writer.join();

    assertThat(announcements().read("g")).containsExactly(of("g", 0, 1_000));
  }

  @Test
  void damagedAnnouncementIsNamed() throws IOException {
    announcements().write(of("g", 0, 80));
    Files.writeString(folder.resolve("live/g/0.json"), "{\"version\":2}");

    assertThatIOException()
        .isThrownBy(() -> announcements().read("g"))
        .withMessageContaining("live/g/0.json");
  }

  @Test
  void oldFoldersOfOtherGenerationsAreRemoved() throws IOException {
    for (String generation : List.of("mine", "old", "recent")) {
      announcements().write(of(generation, 0, 80));
    }
    Files.createDirectory(folder.resolve("live/served"));
    for (String generation : List.of("mine", "old", "served")) {
      Files.setLastModifiedTime(
          folder.resolve("live").resolve(generation),
          FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    }
    announcements().removeOthers("mine", Duration.ofHours(1));

    try (Stream<Path> left = Files.list(folder.resolve("live"))) {
      assertThat(left.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("mine", "recent", "served");
    }
    new Announcements("file:" + folder + "/none", Storage.configuration())
        .removeOthers("mine", Duration.ofHours(1));
  }
}
