package io.nova.judge.record;

import io.nova.judge.json.JsonStrings;
import io.nova.judge.json.StrictJson;
import io.nova.judge.json.StrictJson.Shape;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A reader of messages by the rules of the export record or of a mapping. It checks the syntax,
 * then app, upload time and identity. The job may reject a text with several faults of syntax for
 * any of them. For one thread.
 */
public final class SentReader {
  static final int MAX_DEPTH = 1_000;

  private static final byte[] NO_ENVELOPE = {};

  private final RecordMapping mapping;
  private final MappedMembers mapped;
  private final StrictJson json = new StrictJson();
  private final Digest digest = new Digest();
  private final HashSet<String> keys = new HashSet<>();

  /** A reader of Amplitude's export records. */
  public SentReader() {
    this(RecordMapping.AMPLITUDE);
  }

  /** A reader of a mapping's records. */
  public SentReader(RecordMapping mapping) {
    this.mapping = mapping;
    this.mapped = new MappedMembers(mapping);
  }

  /** Reads the value of a message that is one record; null for none. */
  public SentRecord read(byte @Nullable [] value) {
    return read(value, NO_ENVELOPE);
  }

  /** Reads an element of a message, with the envelope around it; no bytes for none. */
  SentRecord read(byte @Nullable [] value, byte[] envelope) {
    if (value == null) {
      return SentRecord.faulty(Reason.NULL_VALUE);
    }
    if (value.length == 0) {
      return SentRecord.faulty(Reason.EMPTY);
    }
    Shape shape = json.read(value);
    EnumSet<Reason> broken = syntaxFaults(shape, value);
    return broken.isEmpty() ? readMembers(envelope) : new SentRecord(broken, null);
  }

  private EnumSet<Reason> syntaxFaults(Shape shape, byte[] value) {
    EnumSet<Reason> faults = EnumSet.noneOf(Reason.class);
    if (shape == Shape.BROKEN) {
      faults.add(Reason.NOT_JSON);
      switch (firstByte(value)) {
        case '{' -> {}
        case ' ' -> faults.add(Reason.EMPTY);
        default -> faults.add(Reason.NOT_AN_OBJECT);
      }
    }
    if (shape == Shape.OTHER_VALUE) {
      faults.add(Reason.NOT_AN_OBJECT);
    }
    if (json.deepest() > MAX_DEPTH) {
      faults.add(Reason.TOO_DEEP);
    }
    if (hasRepeatedKey() || (shape == Shape.OBJECT && mapped.repeatsKey(json))) {
      faults.add(Reason.DUPLICATE_KEY);
    }
    return faults;
  }

  /** The first byte after blanks and byte order mark; a blank when there is none. */
  private static byte firstByte(byte[] value) {
    for (byte b : value) {
      boolean mark = b == (byte) 0xef || b == (byte) 0xbb || b == (byte) 0xbf;
      if (!mark && b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b;
      }
    }
    return ' ';
  }

  private boolean hasRepeatedKey() {
    keys.clear();
    for (int member = 0; member < json.members(); member++) {
      if (!keys.add(json.key(member))) {
        return true;
      }
    }
    return false;
  }

  private SentRecord readMembers(byte[] envelope) {
    Content content = mapping.isExport() ? exportMembers() : mapped.read(json, envelope);
    Set<Reason> faults = IdentityCheck.faultsOf(content, digest);
    return faults.isEmpty() ? SentRecord.good(content) : new SentRecord(faults, null);
  }

  private Content exportMembers() {
    Content content = new Content(mapping.identity());
    for (int member = 0; member < json.members(); member++) {
      String name = json.key(member);
      ExportKey key = ExportKeys.byNameInRecord().get(name);
      if (key == null) {
        content.putExtra(name, json.slice(member));
      } else if (json.firstOf(member) != 'n') {
        place(content, key, member);
      }
    }
    return content;
  }

  /** Puts a value into its column, or into extra. A time too fine for its column goes into both. */
  private void place(Content content, ExportKey key, int member) {
    Object value = fitting(key, member);
    if (value instanceof ExportTime time) {
      content.put(key, time.micros());
    } else {
      content.put(key, value);
    }
    if (value == null || (value instanceof ExportTime time && !time.exact())) {
      content.putExtra(key.name(), json.slice(member));
      content.markMisfit(key);
    }
  }

  private @Nullable Object fitting(ExportKey key, int member) {
    return switch (key.fit()) {
      case TEXT -> text(member);
      case INTEGER -> integer(member);
      case DOUBLE -> real(member);
      case BOOLEAN -> truth(member);
      case TIME -> time(member);
      case JSON -> rawText(member);
    };
  }

  private @Nullable String text(int member) {
    if (json.firstOf(member) != '"') {
      return null;
    }
    String text = json.insideOf(member);
    return JsonStrings.hasLoneSurrogate(text) ? null : text;
  }

  private @Nullable Object time(int member) {
    String text = text(member);
    return text == null ? null : ExportTime.of(text).orElse(null);
  }

  private @Nullable Object truth(int member) {
    return switch (json.firstOf(member)) {
      case 't' -> true;
      case 'f' -> false;
      default -> null;
    };
  }

  private @Nullable Object integer(int member) {
    if (!isNumber(member)) {
      return null;
    }
    try {
      return Long.parseLong(rawText(member));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private @Nullable Object real(int member) {
    if (!isNumber(member)) {
      return null;
    }
    String text = rawText(member);
    double value = Double.parseDouble(text);
    boolean tooSmall = value == 0 && !isZero(text);
    return Double.isInfinite(value) || tooSmall ? null : value;
  }

  /** Whether all digits before a number's exponent are 0. */
  private static boolean isZero(String number) {
    return number.chars().takeWhile(c -> c != 'e' && c != 'E').noneMatch(c -> c > '0' && c <= '9');
  }

  private boolean isNumber(int member) {
    byte first = json.firstOf(member);
    return first == '-' || (first >= '0' && first <= '9');
  }

  private String rawText(int member) {
    return new String(json.slice(member), StandardCharsets.UTF_8);
  }
}
