package io.nova.sql.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.sql.source.EventScan;
import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.Tail;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.Test;

class ScanReaderTest {
  private static final ScanSplit TAIL =
      new ScanSplit("tail", "", List.of(Tail.after(Optional.empty())), 0);

  private static ScanSplit files(String id) {
    return new ScanSplit(id, "", List.of(), 0);
  }

  private static ScanReader reader() {
    SourceReaderContext nobody =
        (SourceReaderContext)
            Proxy.newProxyInstance(
                ScanReaderTest.class.getClassLoader(),
                new Class<?>[] {SourceReaderContext.class},
                (proxy, method, arguments) -> {
                  throw new UnsupportedOperationException(method.getName());
                });
    return new ScanReader(
        nobody,
        split -> {
          throw new UnsupportedOperationException(split.id());
        },
        new SimpleCounter(),
        EventScan.NO_LIMIT);
  }

  @Test
  void splitsAreReadInTheOrderTheyCameAndOneThatNeverEndsIsReadLast() {
    ScanReader reader = reader();
    reader.addSplits(List.of(files("a"), TAIL, files("b")));
    reader.addSplits(List.of(files("c")));

    assertThat(reader.snapshotState(1))
        .extracting(ScanSplit::id)
        .containsExactly("a", "b", "c", "tail");
  }
}
