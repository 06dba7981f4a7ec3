package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.NovaWarehouse;
import io.nova.event.Tally;
import io.nova.fixtures.Events;
import io.nova.fixtures.S3Server;
import io.nova.fixtures.SwapFaults.Fault;
import io.nova.iceberg.Storage;
import io.nova.iceberg.TestCatalog;
import io.nova.iceberg.lifecycle.NamedByState;
import io.nova.iceberg.lifecycle.RemovalPlan;
import io.nova.iceberg.lifecycle.Retention;
import io.nova.iceberg.lifecycle.TableLifecycle;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.Announcements;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The commit chain on S3 by a JDBC catalog and S3A. It runs with the profile {@code s3}. */
@EnabledIf(value = "isHere", disabledReason = "run it with -Ps3")
class S3ITCase {
  @TempDir private static Path folder;
  private static S3Server s3;

  static boolean isHere() {
    return S3Server.isHere();
  }

  @BeforeAll
  static void start() throws Exception {
    s3 = S3Server.start(folder);
    Configuration.addDefaultResource(S3Server.SITE);
  }

  @AfterAll
  static void stop() throws Exception {
    s3.close();
  }

  @Test
  void chainLifecycleAndLiveRecordsWorkOnS3() throws Exception {
    try (TestCatalog catalog = TestCatalog.inDatabase("s3a://" + S3Server.BUCKET + "/w")) {
      NovaWarehouse warehouse = new NovaWarehouse(catalog.address());
      CommitChain chain = CommitChain.begin(warehouse.open(), UUID.randomUUID().toString());
      Draft draft = Draft.first(chain.head(), NovaWarehouse.RULES.shards());
      BlockFile a = warehouse.write(Events.at("10:02").id("a"));
      BlockFile b = warehouse.write(Events.at("10:02").id("b"));
      draft.add(a);
      draft.add(b);
      chain.apply(draft.draw(chain.generation(), new Tally()));
      assertThat(warehouse.ids()).containsExactly("a", "b");

      draft.add(warehouse.merge(a, b));
      catalog.faults().next(Fault.DONE_THEN_ASKED_AGAIN);
      chain.apply(draft.draw(chain.generation(), new Tally()));
      assertThat(catalog.faults().isWaiting()).isFalse();
      assertThat(warehouse.ids()).containsExactly("a", "b");

      CommitterState state =
          CommitterState.read(draft.state(chain.head(), List.<Link>of()).write());
      CommitChain again = CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state);
      assertThat(again.head()).isEqualTo(chain.head());
      mergedFilesWillLeave(warehouse, List.of(a.path(), b.path()));
      announces(warehouse.open().location(), again.generation());
      assertThat(warehouse.ids()).containsExactly("a", "b");
    }
  }

  /** In a month. The block files are objects of the store, so their names begin with s3a. */
  private static void mergedFilesWillLeave(NovaWarehouse warehouse, List<String> merged) {
    RemovalPlan plan =
        TableLifecycle.dryRun(
            warehouse.open(),
            new Retention(Duration.ofDays(7), Duration.ofHours(1)),
            NamedByState.NOTHING,
            Instant.now().plus(Duration.ofDays(30)));
    assertThat(plan.snapshots()).isNotEmpty();
    assertThat(plan.files())
        .containsAll(merged)
        .allSatisfy(file -> assertThat(file).startsWith("s3a://" + S3Server.BUCKET));
    assertThat(plan.orphans()).isEmpty();
  }

  private static void announces(String location, String generation) throws Exception {
    Announcements announcements = new Announcements(location, Storage.configuration());
    Announcement first = announcement(generation, 1);
    announcements.write(announcement(generation, 2));
    announcements.write(first);
    assertThat(announcements.read(generation)).containsExactly(first);
  }

  private static Announcement announcement(String generation, int port) {
    return new Announcement(1, generation, 0, 0, "127.0.0.1", port, false, "", false, List.of());
  }
}
