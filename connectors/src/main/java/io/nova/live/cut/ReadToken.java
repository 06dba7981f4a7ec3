package io.nova.live.cut;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The description of the cut that a query read. It is JSON in the query's log and in the column
 * {@code read_token}. The option {@code as-of} reads its snapshot again, above the same completed
 * batch.
 *
 * @param version 1
 * @param snapshot Iceberg's id of the snapshot; null for a table without one
 * @param link UUID of the snapshot's link of the commit chain; null if no job made it
 * @param generation the run of the job; null if no job made the snapshot
 * @param completed the last completed batch, whose rows were left out; null if there was none
 * @param batchSnapshot Iceberg's id of the snapshot of the batch layer's table; null if it was not
 *     read
 * @param views the live views; none for a committed read
 * @param gaps the gaps of the cut, in words
 */
public record ReadToken(
    int version,
    @Nullable Long snapshot,
    @Nullable String link,
    @Nullable String generation,
    @Nullable Long completed,
    @Nullable Long batchSnapshot,
    List<View> views,
    List<String> gaps) {
  /** The only version. */
  public static final int VERSION = 1;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * A live view that was read.
   *
   * @param subtask number of the subtask
   * @param lease name of the lease
   * @param shards for each key group its number, the last sequence left to the table, and the last
   *     sealed sequence, such as {@code 0:3/5 1:2/2}
   */
  public record View(int subtask, String lease, String shards) {}

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if the version is another
   */
  public ReadToken {
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "found version %s, expected %s".formatted(version, VERSION));
    }
    views = List.copyOf(views);
    gaps = List.copyOf(gaps);
  }

  /**
   * Parses a token.
   *
   * @throws IllegalArgumentException if the text is not one
   */
  public static ReadToken parse(String text) {
    try {
      return JSON.readValue(text, ReadToken.class);
    } catch (JsonProcessingException | IllegalArgumentException | NullPointerException garbage) {
      throw new IllegalArgumentException(
          ("Option 'as-of': expected a value of the column read_token, found %s "
                  + "(%s). Nothing is read.")
              .formatted(text, garbage.getMessage()),
          garbage);
    }
  }

  /** The token as JSON. */
  public String text() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
