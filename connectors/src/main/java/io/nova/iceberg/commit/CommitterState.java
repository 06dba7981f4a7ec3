package io.nova.iceberg.commit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.iceberg.commit.Link.Totals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What the committer keeps: JSON, with a version.
 *
 * @param version 1
 * @param applied the last link that is known to be in the table
 * @param pending the links behind it, in order, which may or may not be
 * @param sequences of each shard, the last sealed block of the last link
 * @param totals what the chain has added up to the last link
 */
public record CommitterState(
    int version, String applied, List<Link> pending, List<Long> sequences, Totals totals) {
  static final int VERSION = 1;
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  public CommitterState {
    if (version != VERSION) {
      throw new IllegalStateException(
          ("Committer state: version %s found, %s expected. It was written by a newer "
                  + "Nova: restore with that one.")
              .formatted(version, VERSION));
    }
    pending = List.copyOf(pending);
    sequences = List.copyOf(sequences);
  }

  /** The stored form. */
  public byte[] write() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the stored form. */
  public static CommitterState read(byte[] stored) {
    try {
      return JSON.readValue(stored, CommitterState.class);
    } catch (IOException e) {
      throw new UncheckedIOException("Committer state cannot be read: " + e.getMessage(), e);
    }
  }
}
