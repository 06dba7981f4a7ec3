package io.nova.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadTimesTest {
  @ParameterizedTest
  @CsvSource({
    "GC Thread#1, GC Thread",
    "G1 Conc#0, G1 Conc",
    "iceberg-worker-, iceberg-worker",
    "blocks (1/2), blocks",
    "nova-chunk-merg, nova-chunk-merg",
    "4242, 4242"
  })
  void numberedThreadsAreOneGroup(String name, String group) {
    assertThat(ThreadTimes.group(name)).isEqualTo(group);
  }

  @Test
  void nothingIsUsedBeforeTheFirstLook() {
    ThreadTimes times = new ThreadTimes();

    times.look(List.of(ProcessHandle.current()));

    assertThat(times.micros()).isEmpty();
  }
}
