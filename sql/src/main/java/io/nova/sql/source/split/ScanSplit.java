package io.nova.sql.source.split;

import java.util.List;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * Some parts of files and live views that one reader reads one after the other, and how far it has
 * come. Small files are bundled, so that asking for a split does not cost more than reading it.
 *
 * @param id unique within the query
 * @param token what the column {@code read_token} says; empty where nobody asks for it
 * @param parts what is still to be read, the first perhaps begun
 * @param rowsDone rows of the first part that have been handed on
 */
public record ScanSplit(String id, String token, List<SplitPart> parts, long rowsDone)
    implements SourceSplit {
  /** Refuses a negative position. */
  public ScanSplit {
    parts = List.copyOf(parts);
    if (rowsDone < 0) {
      throw new IllegalArgumentException("Split %s: position %s".formatted(id, rowsDone));
    }
  }

  /** Whether it never ends, so that whoever reads it reads nothing else afterwards. */
  public boolean isEndless() {
    return parts.stream().anyMatch(Tail.class::isInstance);
  }

  @Override
  public String splitId() {
    return id;
  }
}
