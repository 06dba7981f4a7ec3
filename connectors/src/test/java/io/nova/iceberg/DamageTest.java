package io.nova.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.NovaWarehouse;
import io.nova.event.Tally;
import io.nova.fixtures.Events;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.Draft;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of the table with one wrong bit. Local disks have no checksums of their own. */
class DamageTest {
  private static final int ROWS = 40;

  @TempDir private Path folder;
  private NovaWarehouse warehouse;
  private CommitChain chain;
  private Draft draft;

  @BeforeEach
  void begin() {
    warehouse = new NovaWarehouse(folder);
    chain = CommitChain.begin(warehouse.open(), UUID.randomUUID().toString());
    draft = Draft.first(chain.head(), NovaWarehouse.RULES.shards());
  }

  private BlockFile file() {
    Events[] events = new Events[ROWS];
    for (int i = 0; i < ROWS; i++) {
      events[i] =
          Events.at("10:02")
              .id("i" + i)
              .with("session_id", Integer.toString(Integer.hashCode(i * 7919)))
              .with("event_properties", "{\"value\":\"%x\"}".formatted(i * 2654435761L));
    }
    return warehouse.write(events);
  }

  private Table committed() {
    chain.apply(draft.draw(chain.generation(), new Tally()));
    return warehouse.open().iceberg();
  }

  private static List<String> rows(Table table) {
    List<String> rows = new ArrayList<>();
    try (CloseableIterable<Record> all = IcebergGenerics.read(table).build()) {
      all.forEach(row -> rows.add(row.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private static Path path(String location) {
    return Path.of(URI.create(location).getPath());
  }

  /** The places where a wrong bit is read as other rows. */
  private static List<Integer> unnoticed(Path file, int from, int to, Table table)
      throws IOException {
    byte[] whole = Files.readAllBytes(file);
    List<String> expected = rows(table);
    assertThat(expected).hasSize(ROWS);
    List<Integer> unnoticed = new ArrayList<>();
    for (int place = from; place < to; place += 1 + whole.length / 300) {
      byte[] damaged = whole.clone();
      damaged[place] ^= 1;
      Files.write(file, damaged);
      try {
        if (!rows(table).equals(expected)) {
          unnoticed.add(place);
        }
      } catch (RuntimeException noticed) {
        // Expected.
      }
    }
    Files.write(file, whole);
    return unnoticed;
  }

  /** The header has the schema and no checksum. It ends with the marker that ends the file. */
  private static int headerBytes(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    String text = new String(whole, StandardCharsets.ISO_8859_1);
    return text.indexOf(text.substring(whole.length - 16)) + 16;
  }

  /** The footer has the schema and no checksum. Its length is before the marker at the end. */
  private static int footerStart(Path file) throws IOException {
    ByteBuffer whole = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    return whole.capacity() - 8 - whole.getInt(whole.capacity() - 8);
  }

  @Test
  void noWrongBitOfABlockFileIsReadAsARow() throws IOException {
    BlockFile file = file();
    draft.add(file);

    Path path = path(file.path());
    assertThat(unnoticed(path, headerBytes(path), (int) file.sizeBytes(), committed())).isEmpty();
  }

  @Test
  void noWrongBitOfAChunkIsReadAsARow() throws IOException {
    BlockFile file = file();
    Chunk chunk = warehouse.merge(file);
    draft.add(file);
    draft.add(chunk);

    Path path = path(chunk.path());
    assertThat(unnoticed(path, 0, footerStart(path), committed())).isEmpty();
  }

  /** A file that a power failure cut may end where a reader expects an end. */
  @Test
  void aBlockFileThatIsCutIsNotMerged() throws IOException {
    BlockFile file = file();
    Path path = path(file.path());
    byte[] whole = Files.readAllBytes(path);
    for (int length : new int[] {0, headerBytes(path), whole.length / 2, whole.length - 1}) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> warehouse.merge(file)).hasMessageContaining(path.toString());
    }
  }

  @Test
  void aChunkThatIsCutIsNotRead() throws IOException {
    BlockFile file = file();
    Chunk chunk = warehouse.merge(file);
    draft.add(file);
    draft.add(chunk);
    Table table = committed();
    Path path = path(chunk.path());
    byte[] whole = Files.readAllBytes(path);
    for (int length : new int[] {0, 4, whole.length / 2, whole.length - 8}) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> rows(table)).isInstanceOf(RuntimeException.class);
    }
  }
}
