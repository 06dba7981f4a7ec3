package io.nova.event;

import io.nova.event.mapping.ColumnSource;
import io.nova.event.row.Column;
import io.nova.event.row.EventSchema;
import io.nova.event.row.ServerStamps;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The values of one message by export column, and the keys that fit no column.
 *
 * <p>Numbers are not boxed. A text without escapes, an object and an array stay in the message: the
 * fields have the range of their bytes. The message must not change. Not thread safe.
 */
public final class EventFields {
  private final byte[] message;
  private final @Nullable Object[] values = new Object[EventSchema.columns().size()];

  /** The number of a column, or the start of its range in the upper half and the end below. */
  private final long[] bits = new long[EventSchema.columns().size()];

  /** A bit for each column whose value is a number in {@link #bits}. */
  private long numbers;

  /** A bit for each column whose value is a range in {@link #bits}. */
  private long ranges;

  private final @Nullable Ranks ranks;
  private final Members members = new Members();
  private final Stamps stamps = new Stamps();
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

  /**
   * The value of the column at this position of {@link EventSchema#columns()}: {@link String},
   * {@link Long} (integers, and times in microseconds since 1970), {@link Double}, {@link Boolean},
   * {@link Slice} for an object, an array or any other JSON; null where absent. Each call makes a
   * new object.
   */
  public @Nullable Object value(int index) {
    if (isNumber(index)) {
      return bits[index];
    }
    if (!isRange(index)) {
      return values[index];
    }
    return EventSchema.columns().get(index).kind() == Column.Kind.JSON
        ? new Slice(start(index), end(index))
        : new String(message, start(index), end(index) - start(index), StandardCharsets.UTF_8);
  }

  /** Whether the column's value is an integer or a time. */
  public boolean isNumber(int index) {
    return (numbers & 1L << index) != 0;
  }

  /** The integer or time in a column, of which {@link #isNumber} is true. */
  public long number(int index) {
    return bits[index];
  }

  /** Whether the column's value is a range of the message. */
  public boolean isRange(int index) {
    return (ranges & 1L << index) != 0;
  }

  /** The start of the range in a column, of which {@link #isRange} is true. */
  public int start(int index) {
    return (int) (bits[index] >>> Integer.SIZE);
  }

  /** The end of the range in a column, of which {@link #isRange} is true. */
  public int end(int index) {
    return (int) bits[index];
  }

  /** The value of a column that is neither a number nor a range; null where absent. */
  public @Nullable Object other(int index) {
    return values[index];
  }

  /** A JSON object of the keys that fit no column, verbatim; null where there are none. */
  public @Nullable String extra() {
    if (extra == null && members.anyKept()) {
      extra = members.kept(message);
    }
    return extra;
  }

  /** Sets a column to a value of a class that {@link #value} names. */
  public void set(int index, Object value) {
    if (value instanceof Long number) {
      setNumber(index, number);
    } else if (value instanceof Slice slice) {
      setRange(index, slice.start(), slice.end());
    } else {
      clear(index);
      values[index] = value;
    }
  }

  void setNumber(int index, long number) {
    clear(index);
    bits[index] = number;
    numbers |= 1L << index;
  }

  /** Sets a column to a range of the message: a text without escapes and quotes, or JSON. */
  void setRange(int index, int start, int end) {
    clear(index);
    bits[index] = (long) start << Integer.SIZE | end;
    ranges |= 1L << index;
  }

  private void clear(int index) {
    values[index] = null;
    numbers &= ~(1L << index);
    ranges &= ~(1L << index);
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
    members.add(keyStart, keyEnd, value, 0, ServerStamps.NEVER);
  }

  /**
   * Notes a key whose complete value some columns have. It is kept for {@link #extra} once none of
   * them has it any more. The columns know it by its number, {@link #nextMember()}.
   *
   * @param stamp whether the value is a server's stamp
   */
  void note(int keyStart, int keyEnd, Slice value, int holders, ServerStamps stamp) {
    members.add(keyStart, keyEnd, value, holders, stamp);
  }

  /** Notes a server's stamp within an object or array: its range with its key. */
  void stamp(int start, int end, ServerStamps stamp) {
    if (stamp != ServerStamps.NEVER) {
      stamps.add(start, end, stamp);
    }
  }

  /** Whether {@link #extra}, or an object or array in a column, has a server's stamp. */
  public boolean hasStamps(boolean clientTime) {
    return stamps.anyApplies(clientTime) || members.anyStampKept(clientTime);
  }

  /** The values of the columns, where servers' stamps are cut out of objects and arrays. */
  public IntFunction<@Nullable Object> payload(boolean clientTime) {
    return index ->
        value(index) instanceof Slice slice
            ? stamps.without(message, slice.start(), slice.end(), clientTime)
            : value(index);
  }

  /** {@link #extra} without servers' stamps. */
  public @Nullable String payloadExtra(boolean clientTime) {
    return members.payload(message, stamps, clientTime);
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
    take(source.column(), source.rank());
  }

  private void take(int column, int rank) {
    if (ranks != null) {
      ranks.rank[column] = rank;
      clear(column);
      misfits &= ~(1L << column);
      if (ranks.member[column] >= 0) {
        members.release(ranks.member[column]);
        ranks.member[column] = -1;
      }
    }
  }

  /**
   * Takes columns from the envelope of these fields' record, each unless the record has a value of
   * a lower rank.
   */
  void takeFrom(EventFields envelope, List<Integer> columns) {
    for (int column : columns) {
      if (envelope.ranks == null || ranks == null) {
        copyFrom(envelope, column);
      } else if (envelope.ranks.rank[column] < ranks.rank[column]) {
        take(column, envelope.ranks.rank[column]);
        copyFrom(envelope, column);
      }
    }
  }

  private void copyFrom(EventFields envelope, int column) {
    Object value = envelope.value(column);
    if (value != null) {
      set(column, value);
    }
    if (envelope.misfit(column)) {
      setMisfit(column);
    }
  }

  /** Notes that a column has the complete value of a key. */
  void holds(ColumnSource source, int member) {
    if (ranks != null) {
      ranks.member[source.column()] = member;
    }
  }

  /** Whether a column has a text that is not empty. */
  public boolean hasText(int index) {
    return isRange(index)
        ? start(index) < end(index)
        : values[index] instanceof String text && !text.isEmpty();
  }

  /** The text in a column that is not empty, null where there is none. */
  public @Nullable String nonEmpty(int index) {
    return hasText(index) ? (String) value(index) : null;
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
    private ServerStamps[] stamped = {};
    private int count;

    void add(int keyStart, int keyEnd, Slice value, int holders, ServerStamps stamp) {
      int at = count * WIDTH;
      if (at == spans.length) {
        spans = Arrays.copyOf(spans, Math.max(8 * WIDTH, 2 * spans.length));
        stamped = Arrays.copyOf(stamped, spans.length / WIDTH);
      }
      stamped[count] = stamp;
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

    boolean anyStampKept(boolean clientTime) {
      for (int i = 0; i < count; i++) {
        if (spans[i * WIDTH + 4] == 0 && stamped[i].applies(clientTime)) {
          return true;
        }
      }
      return false;
    }

    @Nullable String payload(byte[] message, Stamps stamps, boolean clientTime) {
      StringBuilder json = new StringBuilder();
      for (int i = 0; i < count; i++) {
        int at = i * WIDTH;
        if (spans[at + 4] == 0 && !stamped[i].applies(clientTime)) {
          json.append(json.isEmpty() ? '{' : ',')
              .append(text(message, spans[at], spans[at + 1]))
              .append(':')
              .append(stamps.without(message, spans[at + 2], spans[at + 3], clientTime));
        }
      }
      return json.isEmpty() ? null : json.append('}').toString();
    }

    private static String text(byte[] message, int start, int end) {
      return new String(message, start, end - start, StandardCharsets.UTF_8);
    }
  }

  /** The servers' stamps within objects and arrays, in the order of the message. */
  private static final class Stamps {
    private int[] ranges = {};
    private ServerStamps[] kinds = {};
    private int count;

    void add(int start, int end, ServerStamps kind) {
      if (count == kinds.length) {
        kinds = Arrays.copyOf(kinds, Math.max(4, 2 * count));
        ranges = Arrays.copyOf(ranges, 2 * kinds.length);
      }
      ranges[2 * count] = start;
      ranges[2 * count + 1] = end;
      kinds[count++] = kind;
    }

    boolean anyApplies(boolean clientTime) {
      for (int i = 0; i < count; i++) {
        if (kinds[i].applies(clientTime)) {
          return true;
        }
      }
      return false;
    }

    /** A part of the message without the stamps in it, and without a comma for each. */
    String without(byte[] message, int from, int to, boolean clientTime) {
      byte[] kept = new byte[to - from];
      int size = 0;
      int at = from;
      for (int i = 0; i < count; i++) {
        int start = ranges[2 * i];
        if (start > from && start < to && kinds[i].applies(clientTime)) {
          System.arraycopy(message, at, kept, size, start - at);
          size += start - at;
          at = afterBlanks(message, ranges[2 * i + 1]);
          if (message[at] == ',') {
            at = afterBlanks(message, at + 1);
          } else {
            size = beforeComma(kept, size);
          }
        }
      }
      System.arraycopy(message, at, kept, size, to - at);
      return new String(kept, 0, size + to - at, StandardCharsets.UTF_8);
    }

    private static int afterBlanks(byte[] json, int at) {
      int next = at;
      while (isBlank(json[next])) {
        next++;
      }
      return next;
    }

    /** The size without a last comma and the blanks around it. */
    private static int beforeComma(byte[] json, int size) {
      int end = size;
      while (isBlank(json[end - 1])) {
        end--;
      }
      return json[end - 1] == ',' ? end - 1 : end;
    }

    private static boolean isBlank(byte b) {
      return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }
  }
}
