package io.nova.event;

import io.nova.event.mapping.ColumnSource;
import io.nova.event.row.EventSchema;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of one message by export column, and the keys that fit no column.
 *
 * <p>Values are {@link String}, {@link Long} (integers, and times in microseconds since 1970),
 * {@link Double}, {@link Boolean} or {@link Slice}; null where absent. It refers to the message's
 * bytes, which must not change. Not thread safe.
 */
public final class EventFields {
  private final byte[] message;
  private final @Nullable Object[] values = new Object[EventSchema.columns().size()];
  private final @Nullable Ranks ranks;
  private final Members members = new Members();
  private @Nullable String extra;
  private long misfits;

  /** A range of the message's bytes: {@code [start, end)}. */
  public record Slice(int start, int end) {}

  EventFields(byte[] message) {
    this(message, false);
  }

  /**
   * Empty fields.
   *
   * @param alternatives whether a column may have several sources
   */
  EventFields(byte[] message, boolean alternatives) {
    this.message = message;
    this.ranks = alternatives ? new Ranks() : null;
  }

  /** The message that the slices point into. */
  public byte[] message() {
    return message;
  }

  /** The value of the column at this position of {@link EventSchema#columns()}. */
  public @Nullable Object value(int index) {
    return values[index];
  }

  /** A JSON object of the keys that fit no column, verbatim; null where there are none. */
  public @Nullable String extra() {
    if (extra == null && members.anyKept()) {
      extra = members.kept(message);
    }
    return extra;
  }

  public void set(int index, Object value) {
    values[index] = value;
  }

  /** Notes that the message has a value for a column that does not fit the column. */
  void setMisfit(int index) {
    misfits |= 1L << index;
  }

  /** Whether the message has a value for a column that does not fit the column. */
  public boolean misfit(int index) {
    return (misfits & 1L << index) != 0;
  }

  /** Keeps a key and its value for {@link #extra}, verbatim. */
  void keep(int keyStart, int keyEnd, Slice value) {
    members.add(keyStart, keyEnd, value, 0);
  }

  /**
   * Notes a key whose complete value some columns have. It is kept for {@link #extra} once none of
   * them has it any more. The columns know it by its number, {@link #nextMember()}.
   */
  void note(int keyStart, int keyEnd, Slice value, int holders) {
    members.add(keyStart, keyEnd, value, holders);
  }

  /** The number of the next key that is noted. */
  int nextMember() {
    return members.count;
  }

  /** Whether another source may replace a column's value. */
  boolean mayForget() {
    return ranks != null;
  }

  /** Whether a source may set its column: no source of a lower rank has set it. */
  boolean open(ColumnSource source) {
    return ranks == null || source.rank() < ranks.rank[source.column()];
  }

  /** Clears the column of a source: a value from a higher rank is dropped. */
  void take(ColumnSource source) {
    if (ranks != null) {
      int column = source.column();
      ranks.rank[column] = source.rank();
      values[column] = null;
      misfits &= ~(1L << column);
      if (ranks.member[column] >= 0) {
        members.release(ranks.member[column]);
        ranks.member[column] = -1;
      }
    }
  }

  /** Notes that a column has the complete value of a key. */
  void holds(ColumnSource source, int member) {
    if (ranks != null) {
      ranks.member[source.column()] = member;
    }
  }

  /** The non-empty string in a column, null where there is none. */
  public @Nullable String nonEmpty(int index) {
    return values[index] instanceof String text && !text.isEmpty() ? text : null;
  }

  /**
   * For each column, the rank of its source and the number of the key whose complete value it has.
   */
  private static final class Ranks {
    private final int[] rank = new int[EventSchema.columns().size()];
    private final int[] member = new int[EventSchema.columns().size()];

    Ranks() {
      Arrays.fill(rank, Integer.MAX_VALUE);
      Arrays.fill(member, -1);
    }
  }

  /** Keys of the message with their values, and the number of columns that have each value. */
  private static final class Members {
    private static final int WIDTH = 5;
    private int[] spans = {};
    private int count;

    void add(int keyStart, int keyEnd, Slice value, int holders) {
      int at = count * WIDTH;
      if (at == spans.length) {
        spans = Arrays.copyOf(spans, Math.max(8 * WIDTH, 2 * spans.length));
      }
      spans[at] = keyStart;
      spans[at + 1] = keyEnd;
      spans[at + 2] = value.start();
      spans[at + 3] = value.end();
      spans[at + 4] = holders;
      count++;
    }

    void release(int member) {
      spans[member * WIDTH + 4]--;
    }

    boolean anyKept() {
      for (int at = 0; at < count * WIDTH; at += WIDTH) {
        if (spans[at + 4] == 0) {
          return true;
        }
      }
      return false;
    }

    String kept(byte[] message) {
      StringBuilder json = new StringBuilder();
      for (int at = 0; at < count * WIDTH; at += WIDTH) {
        if (spans[at + 4] == 0) {
          json.append(json.isEmpty() ? '{' : ',')
              .append(text(message, spans[at], spans[at + 1]))
              .append(':')
              .append(text(message, spans[at + 2], spans[at + 3]));
        }
      }
      return json.append('}').toString();
    }

    private static String text(byte[] message, int start, int end) {
      return new String(message, start, end - start, StandardCharsets.UTF_8);
    }
  }
}
