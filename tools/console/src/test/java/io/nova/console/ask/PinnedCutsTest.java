package io.nova.console.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.console.ask.AskException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pinned cut keeps its rows while blocks move, until it is released or lost. */
class PinnedCutsTest {
  private static final String ROWS = "SELECT count(*), sum(event_id)::BIGINT FROM events";

  @TempDir private Path folder;
  private AskedJob asked;

  @BeforeEach
  void start() {
    asked = new AskedJob(folder);
  }

  @AfterEach
  void stop() {
    asked.close();
  }

  private List<?> onCut(String id) throws AskException {
    return asked
        .engine
        .ask(
            new Question(
                UUID.randomUUID().toString(),
                ROWS,
                true,
                10,
                Duration.ofSeconds(30),
                Optional.of(id)))
        .rows()
        .get(0);
  }

  private List<Path> stored() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.getParent().endsWith("cuts")).toList();
    }
  }

  @Test
  void itsRowsStayWhileBlocksMove() throws Exception {
    asked.admit(AskedJob.DAY_2, 120);
    String id = asked.engine.pin(Duration.ofMinutes(1));
    List<?> before = onCut(id);
    assertThat(before.get(0)).isEqualTo(120L);
    asked.admit(AskedJob.DAY_2, 30);
    asked.assertAll();
    assertThat(onCut(id)).isEqualTo(before);
    asked.job.seal();
    asked.assertAll();
    assertThat(onCut(id)).isEqualTo(before);
    asked.job.commit();
    asked.job.merge();
    asked.job.seeTable();
    asked.assertAll();
    assertThat(onCut(id)).isEqualTo(before);
  }

  /** Tables are full after 50 rows. A later load copies rows that the pinned cut reads, too. */
  @Test
  void itsRowsStayWhileTablesAreCompacted() throws Exception {
    asked.close();
    asked =
        new AskedJob(
            folder.resolve("small"),
            (warehouse, own) -> AskedJob.options(warehouse, own).withTableRows(50));
    for (int round = 0; round < 4; round++) {
      asked.admit(AskedJob.DAY_1_EVENING, 45);
      asked.assertAll();
      asked.admit(AskedJob.DAY_2, 20);
      asked.assertAll();
      String id = asked.engine.pin(Duration.ofMinutes(1));
      List<?> before = onCut(id);
      asked.admit(AskedJob.DAY_2, 7);
      asked.assertAll();
      asked.job.seal();
      asked.job.commit();
      asked.assertAll();
      assertThat(onCut(id)).isEqualTo(before);
      asked.job.merge();
      asked.job.seeTable();
      asked.assertAll();
      assertThat(onCut(id)).isEqualTo(before);
      asked.admit(AskedJob.DAY_2, 11);
      asked.assertAll();
      assertThat(onCut(id)).isEqualTo(before);
      asked.engine.release(id);
    }
  }

  /** An earlier cut names the table that takes rows. A later load copies rows of both. */
  @Test
  void copiesAreNotReadByAnEarlierCut() throws Exception {
    asked.close();
    asked =
        new AskedJob(
            folder.resolve("small"),
            (warehouse, own) -> AskedJob.options(warehouse, own).withTableRows(50));
    asked.admitAt("2026-11-20T22:01:00Z", 40);
    asked.assertAll();
    asked.job.seal();
    asked.job.commit();
    asked.job.seeTable();
    asked.assertAll();
    asked.admitAt("2026-11-21T00:01:00Z", 15);
    asked.assertAll();
    asked.admitAt("2026-11-21T00:01:00Z", 5);
    asked.assertAll();
    asked.job.merge();
    asked.job.seeTable();
    String id = asked.engine.pin(Duration.ofMinutes(1));
    List<?> before = onCut(id);
    assertThat(before.get(0)).isEqualTo(60L);
    for (int load = 0; load < 4; load++) {
      asked.admitAt("2026-11-21T00:01:00Z", 2);
      asked.assertAll();
      assertThat(onCut(id)).isEqualTo(before);
    }
  }

  @Test
  void itIsStoredWithoutTokensUntilItIsReleased() throws Exception {
    asked.admit(AskedJob.DAY_2, 10);
    String id = asked.engine.pin(Duration.ofMinutes(1));
    assertThat(asked.job.leases()).isEqualTo(2);
    assertThat(stored()).hasSize(1);
    assertThat(Files.readString(stored().get(0))).contains("\"token\":\"\"", id);
    asked.engine.release(id);
    assertThat(stored()).isEmpty();
    assertThat(asked.job.leases()).isZero();
    assertThatThrownBy(() -> onCut(id))
        .isInstanceOfSatisfying(
            AskException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining("is lost", "released");
  }

  @Test
  void itEndsAfterItsTime() throws Exception {
    asked.admit(AskedJob.DAY_2, 10);
    String id = asked.engine.pin(Duration.ofMillis(200));
    for (int i = 0; i < 100 && !stored().isEmpty(); i++) {
      Thread.sleep(50);
    }
    assertThatThrownBy(() -> onCut(id)).hasMessageContaining("is lost");
    assertThat(asked.job.leases()).isZero();
  }

  @Test
  void aCutThatCannotBeStoredKeepsNothing() throws Exception {
    asked.admit(AskedJob.DAY_2, 10);
    String id = asked.engine.pin(Duration.ofMinutes(1));
    Path cuts = stored().get(0).getParent();
    asked.engine.release(id);
    Files.delete(cuts);
    Files.writeString(cuts, "no folder");
    assertThatThrownBy(() -> asked.engine.pin(Duration.ofMinutes(1)))
        .isInstanceOf(AskException.class);
    assertThat(asked.job.leases()).isZero();
    Files.delete(cuts);
    for (int i = 0; i < 8; i++) {
      asked.engine.release(asked.engine.pin(Duration.ofMinutes(1)));
    }
    assertThat(asked.job.leases()).isZero();
  }

  @Test
  void aPinThatIsCompleteAfterItsWaitIsReleased() throws Exception {
    asked.admit(AskedJob.DAY_2, 10);
    assertThatThrownBy(() -> asked.engine.pin(Duration.ofMinutes(1), Duration.ZERO))
        .isInstanceOf(AskException.class);
    asked.engine.release(asked.engine.pin(Duration.ofMinutes(1)));
    for (int i = 0; i < 100 && (asked.job.leases() > 0 || !stored().isEmpty()); i++) {
      Thread.sleep(50);
    }
    assertThat(asked.job.leases()).isZero();
    assertThat(stored()).isEmpty();
  }

  @Test
  void atMostEightCutsArePinned() throws Exception {
    asked.admit(AskedJob.DAY_2, 10);
    String last = "";
    for (int i = 0; i < 8; i++) {
      last = asked.engine.pin(Duration.ofMinutes(1));
    }
    assertThatThrownBy(() -> asked.engine.pin(Duration.ofMinutes(1)))
        .isInstanceOfSatisfying(
            AskException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining("8 cuts are pinned, the most at once");
    asked.engine.release(last);
    assertThat(asked.engine.pin(Duration.ofMinutes(1))).isNotEmpty();
  }

  @Test
  void itIsLostWithItsServer() throws Exception {
    asked.admit(AskedJob.DAY_2, 10);
    String id = asked.engine.pin(Duration.ofMinutes(1));
    assertThat(onCut(id).get(0)).isEqualTo(10L);
    asked.job.kill(1);
    Thread.sleep(400);
    assertThatThrownBy(() -> onCut(id))
        .hasMessageContaining("the cut " + id + " is lost")
        .hasMessageContaining("subtask 1");
    assertThat(stored()).as("a lost cut is released").isEmpty();
  }
}
