package io.nova.sql.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query read, as JSON in its log and in the column {@code read_token}. Option {@code as-of}
 * takes one back, and repeats what came out of the table.
 *
 * @param version 1
 * @param snapshot the table's snapshot; null before the first
 * @param link UUID of the link of the commit chain whose content it has; null where no job made it
 * @param generation the run of the job; null where no job made it
 * @param views the live views, none for a committed read
 * @param gaps what was lacking, in words
 */
public record ReadToken(
    int version,
    @Nullable Long snapshot,
    @Nullable String link,
    @Nullable String generation,
    List<View> views,
    List<String> gaps) {
  public static final int VERSION = 1;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * A live view that was used.
   *
   * @param subtask its number
   * @param lease the lease it was read under, now long gone
   * @param shards for each key group its number, and the sequences held by the table and sealed:
   *     {@code 0:3/5 1:2/2}
   */
  public record View(int subtask, String lease, String shards) {}

  public ReadToken {
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "found version %s, expected %s".formatted(version, VERSION));
    }
    views = List.copyOf(views);
    gaps = List.copyOf(gaps);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if the text is not a token
   */
  public static ReadToken parse(String text) {
    try {
      return JSON.readValue(text, ReadToken.class);
    } catch (JsonProcessingException | IllegalArgumentException | NullPointerException garbage) {
      throw new IllegalArgumentException(
          ("Option 'as-of': expected what a query's column read_token said, found %s "
                  + "(%s). Nothing is read.")
              .formatted(text, garbage.getMessage()),
          garbage);
    }
  }

  /** The text of it. */
  public String text() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
