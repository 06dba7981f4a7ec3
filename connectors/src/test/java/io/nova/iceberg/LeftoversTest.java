package io.nova.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.NovaWarehouse;
import io.nova.fixtures.Events;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
  @TempDir private Path folder;
  private NovaWarehouse warehouse;

  @BeforeEach
  void begin() {
    warehouse = new NovaWarehouse(UnreliableStore.uri(folder));
  }

  private List<Path> dataFiles() throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("nova/events/data"))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void blockFileThatDoesNotFitOnTheDiskIsDeleted() throws IOException {
    warehouse.write(Events.at("10:02").id("a"));
    assertThat(dataFiles()).hasSize(1);
    UnreliableStore.fill();

    assertThatThrownBy(() -> warehouse.write(Events.at("10:02").id("b")))
        .isInstanceOf(UncheckedIOException.class)
        .hasStackTraceContaining("No space left");

    assertThat(dataFiles()).hasSize(1);
  }

  @Test
  void chunkThatDoesNotFitOnTheDiskIsDeleted() throws IOException {
    BlockFile file = warehouse.write(Events.at("10:02").id("a"));
    UnreliableStore.fill();

    assertThatThrownBy(() -> warehouse.merge(file))
        .isInstanceOf(UncheckedIOException.class)
        .hasStackTraceContaining("No space left");

    assertThat(dataFiles()).hasSize(1);
  }

  @Test
  void chunkWhoseBlockFileIsGoneIsDeleted() throws IOException {
    BlockFile file = warehouse.write(Events.at("10:02").id("a"));
    Files.delete(dataFiles().get(0));

    assertThatThrownBy(() -> warehouse.merge(file)).isInstanceOf(UncheckedIOException.class);

    assertThat(dataFiles()).isEmpty();
  }

  private static Path old(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    return file;
  }

  @Test
  void unfinishedFilesOfKilledProcessesAreRemoved() throws IOException {
    Path table = folder.resolve("nova/events");
    String name = "0f0e0d0c-0001-4002-8003-0a0b0c0d0e0f.metadata.json";
    Path metadata = old(table.resolve("metadata/" + name));
    Path served = old(table.resolve("live/served/.run-0-3.json.tmp"));
    Path record = old(table.resolve("live/served/run-0-2.json"));
    Path published = old(table.resolve("metadata/v0.metadata.json"));
    Path young = table.resolve("metadata/1" + name.substring(1));
    Files.writeString(young, "{");

    Leftovers.remove(Storage.configuration(), warehouse.open(), Duration.ofHours(1));

    assertThat(metadata).doesNotExist();
    assertThat(served).doesNotExist();
    assertThat(List.of(record, published, young)).allMatch(Files::exists);
    assertThat(warehouse.open().iceberg().currentSnapshot()).isNull();
  }
}
