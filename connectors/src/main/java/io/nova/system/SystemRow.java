package io.nova.system;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of a system table.
 *
 * @param values the values in the order of the columns: String, Long, Integer, Boolean, Instant, or
 *     null
 */
public record SystemRow(List<@Nullable Object> values) {
  /** Copies the list. */
  public SystemRow {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }

  /** A row of these values. */
  static SystemRow of(@Nullable Object... values) {
    return new SystemRow(Arrays.asList(values));
  }

  /** The instant at a number of microseconds since 1970. */
  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
