package io.nova.block;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.block.NewestTimes.Newest;
import io.nova.event.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The small record of a shard: JSON, with a version.
 *
 * @param version 5; up to 4 the fingerprints of a sealed interval lay whole beside it, which a Nova
 *     that knows no pages must not go on from; 1 had no {@code forgottenBelow}, 1 and 2 had no
 *     {@code readTo} and {@code newest}, 1 to 3 had no {@code ancestry}
 * @param frontierMicros how far upload time has progressed; {@link Shard#NO_TIME} before any
 * @param sequence of the last sealed block, 0 before any
 * @param floor the first interval that is not too late; {@link Shard#NO_TIME} before any
 * @param forgottenBelow the first interval whose fingerprints are all kept; {@link Shard#NO_TIME}
 *     where none was ever forgotten, null in version 1
 * @param progressMicros the greatest upload time of each Kafka partition
 * @param readTo how far each Kafka partition has been read, by offset; null before version 3
 * @param newest how far the admitted events have come, by partition; null before version 3
 * @param ancestry the checkpoints that it goes back to; null before version 4
 * @param tally what became of the events offered
 */
record ShardHeader(
    int version,
    long frontierMicros,
    long sequence,
    long floor,
    @Nullable Long forgottenBelow,
    Map<Integer, Long> progressMicros,
    @Nullable Map<Integer, Long> readTo,
    @Nullable List<Newest> newest,
    @Nullable Ancestry ancestry,
    Tally tally) {
  static final int VERSION = 5;
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  ShardHeader {
    if (version < 1 || version > VERSION) {
      throw new IllegalStateException(
          "Shard record: version "
              + version
              + " found, "
              + "1 to "
              + VERSION
              + " expected. It was written by a newer Nova: restore with that one.");
    }
  }

  byte[] write() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ShardHeader read(byte[] stored) {
    try {
      return JSON.readValue(stored, ShardHeader.class);
    } catch (IOException e) {
      throw new UncheckedIOException("Shard record cannot be read: " + e.getMessage(), e);
    }
  }
}
