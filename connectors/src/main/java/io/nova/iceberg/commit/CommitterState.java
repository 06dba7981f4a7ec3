package io.nova.iceberg.commit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.iceberg.commit.Link.Totals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The committer's state in a checkpoint, stored as JSON.
 *
 * @param version 1
 * @param applied UUID of the last link that is known to be in the table
 * @param pending the later links in order; each may be in the table or not
 * @param sequences by shard, the sequence of the last sealed block up to the last link
 * @param totals the files that the chain has added up to the last link
 */
public record CommitterState(
    int version, String applied, List<Link> pending, List<Long> sequences, Totals totals) {
  static final int VERSION = 1;
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  public CommitterState {
    if (version != VERSION) {
      throw new IllegalStateException(
          ("Committer state: version %s found, %s expected. A newer Nova wrote it: restore with "
                  + "that one.")
              .formatted(version, VERSION));
    }
    pending = List.copyOf(pending);
    sequences = List.copyOf(sequences);
  }

  /** Writes the stored form. */
  public byte[] write() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the stored form.
   *
   * @throws UncheckedIOException if the bytes are damaged or have another version
   */
  public static CommitterState read(byte[] stored) {
    try {
      return JSON.readValue(stored, CommitterState.class);
    } catch (IOException e) {
      throw new UncheckedIOException("Committer state cannot be read: " + e.getMessage(), e);
    }
  }
}
