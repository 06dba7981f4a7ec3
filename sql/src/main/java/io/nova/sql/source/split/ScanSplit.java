package io.nova.sql.source.split;

import java.util.List;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * A sequence of parts that one reader reads, with its position. Small files share a split, so that
 * the request for it does not cost more than the read.
 *
 * @param id unique in the query
 * @param token the value of the column {@code read_token}; empty if the query does not read it
 * @param parts the parts that are not read completely, in order; the first may have been started
 * @param rowsDone rows of the first part that have been passed on
 */
public record ScanSplit(String id, String token, List<SplitPart> parts, long rowsDone)
    implements SourceSplit {
  /**
   * Checks the position.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public ScanSplit {
    parts = List.copyOf(parts);
    if (rowsDone < 0) {
      throw new IllegalArgumentException("Split %s: position %s".formatted(id, rowsDone));
    }
  }

  /** Whether the split never ends. Its reader then reads nothing after it. */
  public boolean isEndless() {
    return parts.stream().anyMatch(Tail.class::isInstance);
  }

  @Override
  public String splitId() {
    return id;
  }
}
