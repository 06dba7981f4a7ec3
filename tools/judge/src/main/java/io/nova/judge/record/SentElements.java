package io.nova.judge.record;

import io.nova.judge.json.StrictJson;
import io.nova.judge.json.StrictJson.Shape;
import io.nova.workload.input.Message;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A reader of messages whose records may be the elements of an array, by a mapping. The message
 * around the array is the envelope. For one thread.
 */
public final class SentElements {
  private static final int MOST = 10_000;
  private static final int LARGEST_ENVELOPE = 8_192;
  private static final long MOST_ENVELOPE_COPIES_BYTES = 16_777_216;
  private static final byte[] NONE = {};

  private final SentReader reader;
  private final Optional<String> each;
  private final List<List<String>> inEnvelope;

  /** A reader of a mapping's messages. */
  public SentElements(RecordMapping mapping) {
    this.reader = new SentReader(mapping);
    this.each = mapping.each();
    this.inEnvelope =
        mapping.columns().stream()
            .flatMap(column -> column.pointers().stream())
            .filter(MappedMembers::isOfEnvelope)
            .map(pointer -> JsonPlace.steps(pointer.substring(MappedColumn.ENVELOPE.length())))
            .toList();
  }

  /**
   * One record of a message.
   *
   * @param value its bytes; null for a message without a value
   * @param envelope its envelope; null where it is the whole message
   * @param record what it says
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by no one
  public record SentElement(
      byte @Nullable [] value, byte @Nullable [] envelope, SentRecord record) {}

  /**
   * The part of an element's envelope that sent and rejected records have in common. The job keeps
   * an envelope that no pointer reads with some rejected elements only.
   */
  public byte @Nullable [] compared(byte @Nullable [] envelope) {
    return envelope != null && inEnvelope.isEmpty() ? NONE : envelope;
  }

  /** The records of a message in their order; the message alone where it is faulty as a whole. */
  public List<SentElement> of(Message message) {
    byte[] value = message.value();
    byte[] envelope = message.envelope();
    if (envelope != null) {
      return List.of(new SentElement(value, compared(envelope), reader.read(value, envelope)));
    }
    if (each.isEmpty()) {
      return List.of(new SentElement(value, null, reader.read(value)));
    }
    if (value == null || value.length == 0) {
      return List.of(whole(value, value == null ? Reason.NULL_VALUE : Reason.EMPTY));
    }
    return elements(value, withoutMark(value), JsonPlace.steps(each.get()));
  }

  private List<SentElement> elements(byte[] value, byte[] text, List<String> path) {
    StrictJson json = new StrictJson();
    Shape shape = json.read(text);
    if (shape == Shape.BROKEN) {
      return List.of(
          json.deepest() > SentReader.MAX_DEPTH
              ? whole(value, Reason.NOT_JSON, Reason.TOO_DEEP)
              : whole(value, Reason.NOT_JSON));
    }
    if (json.deepest() > SentReader.MAX_DEPTH) {
      return List.of(whole(value, Reason.TOO_DEEP));
    }
    if (repeats(text, path) || inEnvelope.stream().anyMatch(steps -> repeats(text, steps))) {
      return List.of(whole(value, Reason.DUPLICATE_KEY));
    }
    Optional<Span> span = at(text, path);
    if (span.isEmpty() || text[span.get().start] == 'n') {
      return List.of(whole(value, Reason.ELEMENTS_MISSING));
    }
    if (text[span.get().start] != '[') {
      return List.of(whole(value, Reason.ELEMENTS_INVALID));
    }
    return ofArray(value, text, span.get());
  }

  private List<SentElement> ofArray(byte[] value, byte[] text, Span array) {
    byte[] envelope = inEnvelope.isEmpty() ? NONE : around(text, array);
    List<byte[]> elements = JsonPlace.elements(Arrays.copyOfRange(text, array.start, array.end));
    if (elements.size() > MOST
        || envelope.length > LARGEST_ENVELOPE
        || (long) envelope.length * elements.size() > MOST_ENVELOPE_COPIES_BYTES) {
      return List.of(whole(value, Reason.ELEMENTS_INVALID));
    }
    return elements.stream()
        .map(element -> new SentElement(element, envelope, reader.read(element, envelope)))
        .toList();
  }

  private static SentElement whole(byte @Nullable [] value, Reason first, Reason... others) {
    return new SentElement(value, null, SentRecord.faulty(first, others));
  }

  private static byte[] around(byte[] text, Span array) {
    ByteArrayOutputStream around = new ByteArrayOutputStream();
    around.write(text, 0, array.start);
    around.write('[');
    around.write(']');
    around.write(text, array.end, text.length - array.end);
    return around.toByteArray();
  }

  private static byte[] withoutMark(byte[] value) {
    boolean mark =
        value.length >= 3
            && value[0] == (byte) 0xef
            && value[1] == (byte) 0xbb
            && value[2] == (byte) 0xbf;
    return mark ? Arrays.copyOfRange(value, 3, value.length) : value;
  }

  /** A range of the bytes of a message. */
  private record Span(int start, int end) {}

  /** The value at a path of keys through objects, in a text whose syntax was checked. */
  private static Optional<Span> at(byte[] text, List<String> path) {
    int start = 0;
    int end = text.length;
    while (text[start] <= ' ') {
      start++;
    }
    while (text[end - 1] <= ' ' && text[end - 1] >= 0) {
      end--;
    }
    for (String key : path) {
      Optional<Span> below = member(text, start, end, key);
      if (below.isEmpty()) {
        return below;
      }
      start = below.get().start;
      end = below.get().end;
    }
    return Optional.of(new Span(start, end));
  }

  private static Optional<Span> member(byte[] text, int start, int end, String key) {
    StrictJson object = new StrictJson();
    if (object.read(Arrays.copyOfRange(text, start, end)) == Shape.OBJECT) {
      for (int member = 0; member < object.members(); member++) {
        if (object.key(member).equals(key)) {
          int from = start + object.startOf(member);
          return Optional.of(new Span(from, from + object.slice(member).length));
        }
      }
    }
    return Optional.empty();
  }

  /** Whether an object on a path has a key twice. */
  private static boolean repeats(byte[] text, List<String> path) {
    return IntStream.range(0, path.size())
        .anyMatch(passed -> hasRepeatedKey(text, at(text, path.subList(0, passed))));
  }

  private static boolean hasRepeatedKey(byte[] text, Optional<Span> span) {
    StrictJson object = new StrictJson();
    if (span.isEmpty()
        || object.read(Arrays.copyOfRange(text, span.get().start, span.get().end))
            != Shape.OBJECT) {
      return false;
    }
    HashSet<String> keys = new HashSet<>();
    for (int member = 0; member < object.members(); member++) {
      if (!keys.add(object.key(member))) {
        return true;
      }
    }
    return false;
  }

  /** The value at a pointer into an envelope, which passes through objects only. */
  static Optional<byte[]> inEnvelope(byte[] envelope, String pointer) {
    if (envelope.length == 0 || new StrictJson().read(envelope) != Shape.OBJECT) {
      return Optional.empty();
    }
    return at(envelope, JsonPlace.steps(pointer))
        .map(span -> Arrays.copyOfRange(envelope, span.start, span.end));
  }
}
