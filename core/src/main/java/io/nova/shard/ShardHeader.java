package io.nova.shard;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.event.Micros;
import io.nova.event.Tally;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.NewestTimes.Newest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The small record of a shard, stored as JSON with a version.
 *
 * @param version 1
 * @param frontierMicros the frontier; {@link Micros#UNKNOWN} before any
 * @param sequence sequence of the last sealed block, 0 before any
 * @param closedBelow the first interval whose batch is not closed; {@link Micros#UNKNOWN} before
 *     any close
 * @param closingOffsets the closing offsets of the batches that the batch layer has: by partition,
 *     by the first interval after the batch
 * @param floor the first interval that no partition has too late; {@link Micros#UNKNOWN} before any
 * @param forgotten the ranges of intervals whose fingerprints have left state: the last interval of
 *     each by the first
 * @param progressMicros the progress of each Kafka partition in upload time
 * @param readTo the greatest offset that was read of each Kafka partition
 * @param newest the greatest upload and event time of admitted events, by partition
 * @param ancestry the lineage of the state's checkpoints
 * @param tally what became of the events offered
 */
record ShardHeader(
    int version,
    long frontierMicros,
    long sequence,
    long closedBelow,
    Map<Long, Map<Integer, Long>> closingOffsets,
    long floor,
    Map<Long, Long> forgotten,
    Map<Integer, Long> progressMicros,
    Map<Integer, Long> readTo,
    List<Newest> newest,
    Ancestry ancestry,
    Tally tally) {
  static final int VERSION = 1;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  ShardHeader {
    if (version != VERSION) {
      throw new IllegalStateException(
          ("Shard record: version %s found, %s expected. It was written by a newer Nova: "
                  + "restore with that one.")
              .formatted(version, VERSION));
    }
  }

  /** The same record with frontier, floor and progress at most as an upload time has them. */
  ShardHeader notAfter(long micros, BlockRules rules) {
    Map<Integer, Long> lowered = new TreeMap<>(progressMicros);
    lowered.replaceAll((partition, reached) -> Math.min(reached, micros));
    return new ShardHeader(
        version,
        Math.min(frontierMicros, micros),
        sequence,
        closedBelow,
        closingOffsets,
        Math.min(floor, rules.tooLateBelow(micros)),
        forgotten,
        lowered,
        readTo,
        newest,
        ancestry,
        tally);
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
