package io.nova.sql.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.live.cut.Completeness;
import io.nova.live.cut.LiveAccess;
import io.nova.sql.IcebergWarehouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadOptionsTest {
  @TempDir private Path folder;
  private IcebergWarehouse warehouse;

  @BeforeEach
  void open() {
    warehouse = new IcebergWarehouse(folder.resolve("warehouse"));
  }

  private ReadSettings reading(Map<String, String> options) {
    return ReadSettings.of(Configuration.fromMap(options), "of the catalog", warehouse.table());
  }

  @Test
  void defaultsAreAStrictLiveReadThatEnds() {
    ReadSettings reading = reading(Map.of());
    LiveAccess access = reading.access().orElseThrow();
    assertThat(access.completeness()).isEqualTo(Completeness.STRICT);
    assertThat(access.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(access.token()).isEqualTo("of the catalog");
    assertThat(reading.past()).isEmpty();
    assertThat(reading.followEvery()).isEmpty();
  }

  @Test
  void memoryIsReadUnlessASnapshotOrCommittedRowsAreWanted() {
    assertThat(reading(Map.of("read", "committed")).access()).isEmpty();
    assertThat(reading(Map.of("snapshot-id", "7")).access()).isEmpty();
    ReadSettings following = reading(Map.of("scan.mode", "follow", "read", "live"));
    assertThat(following.access()).isPresent();
    assertThat(reading(Map.of("scan.mode", "follow", "read", "committed")).access()).isEmpty();
    assertThat(following.followEvery()).contains(Duration.ofSeconds(1));
  }

  @Test
  void tokenComesFromAHintAFileOrTheCatalog() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), " of the file\n");
    assertThat(token(Map.of("live.token", "of the hint", "live.token-file", file.toString())))
        .isEqualTo("of the hint");
    assertThat(token(Map.of("live.token-file", file.toString()))).isEqualTo("of the file");
    assertThatThrownBy(() -> token(Map.of("live.token-file", folder + "/none")))
        .hasMessageContaining("Option 'live.token-file'")
        .hasMessageContaining("SQL client or gateway");
  }

  private String token(Map<String, String> options) {
    return reading(options).access().orElseThrow().token();
  }

  @Test
  void tokenIsInNoLog() {
    assertThat(reading(Map.of("live.token", "secret")).toString()).doesNotContain("secret");
  }

  @Test
  void contradictionsAreNamed() {
    assertThatThrownBy(() -> reading(Map.of("scan.mode", "follow", "snapshot-id", "7")))
        .hasMessageContaining("found follow together with a snapshot");
    assertThatThrownBy(() -> reading(Map.of("read", "nonsense"))).hasStackTraceContaining("read");
    assertThatThrownBy(() -> reading(Map.of("live.wait", "-1 s")).access())
        .hasStackTraceContaining("live.wait");
  }
}
