package io.nova.sql.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.sql.source.Warehouse;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuerySnapshotsTest {
  private final Warehouse warehouse = new Warehouse("/w");

  @Test
  void firstScanOfAJobChoosesForAll() {
    assertThat(QuerySnapshots.choose("job-a", warehouse, () -> Optional.of(1L))).contains(1L);
    assertThat(QuerySnapshots.choose("job-a", warehouse, () -> Optional.of(2L))).contains(1L);
    assertThat(QuerySnapshots.choose("job-b", warehouse, () -> Optional.of(2L))).contains(2L);
    assertThat(QuerySnapshots.choose("job-a", new Warehouse("/v"), () -> Optional.of(3L)))
        .contains(3L);
  }

  @Test
  void emptyTableStaysEmptyForItsQuery() {
    assertThat(QuerySnapshots.choose("job-c", warehouse, Optional::empty)).isEmpty();
    assertThat(QuerySnapshots.choose("job-c", warehouse, () -> Optional.of(1L))).isEmpty();
  }
}
