package io.nova.iceberg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.NovaWarehouse;
import io.nova.event.Tally;
import io.nova.fixtures.Events;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.TestCatalog;
import io.nova.iceberg.TestCatalog.Kind;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.Draft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lifecycle of a table that a database or a server registers. */
class RegisteredLifecycleTest {
  @TempDir private Path folder;

  private static Path file(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    return Files.writeString(path, "{}");
  }

  @ParameterizedTest
  @EnumSource(names = {"JDBC", "REST"})
  void snapshotsAndOrphansGoAndTheServersMetadataStays(Kind kind) throws IOException {
    try (TestCatalog catalog = TestCatalog.open(kind, folder)) {
      NovaWarehouse warehouse = new NovaWarehouse(catalog.address());
      EventTable events = warehouse.open();
      CommitChain chain = CommitChain.begin(events, UUID.randomUUID().toString());
      Draft draft = Draft.first(chain.head(), NovaWarehouse.RULES.shards());
      for (String id : new String[] {"a", "b", "c"}) {
        draft.add(warehouse.write(Events.at("10:02").id(id)));
        chain.apply(draft.draw(chain.generation(), new Tally()));
      }
      Path table = folder.resolve("nova/events");
      Path orphan = file(table.resolve("data/batch_number=1/orphan.parquet"));
      Path unnamed = file(table.resolve("metadata/00000-" + UUID.randomUUID() + ".metadata.json"));
      Path another = file(table.resolve("metadata/" + UUID.randomUUID() + ".metadata.json"));
      LifecycleWorld.SetClock clock = new LifecycleWorld.SetClock();
      clock.now = clock.now.plus(Duration.ofDays(30));

      new TableLifecycle(events, chain, LifecycleWorld.WEEK, clock).run(NamedByState.NOTHING);

      assertThat(orphan).doesNotExist();
      assertThat(Files.exists(unnamed)).isEqualTo(kind == Kind.REST);
      assertThat(Files.exists(another)).isEqualTo(kind == Kind.REST);
      assertThat(warehouse.open().iceberg().snapshots()).hasSizeLessThanOrEqualTo(2);
      assertThat(warehouse.ids()).containsExactly("a", "b", "c");
      draft.add(warehouse.write(Events.at("10:02").id("d")));
      chain.apply(draft.draw(chain.generation(), new Tally()));
      assertThat(warehouse.ids()).containsExactly("a", "b", "c", "d");
    }
  }
}
