package io.nova.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.nova.event.EventFields.Slice;
import io.nova.event.EventTimes.EventTime;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Amplitude export record out of a message's bytes.
 *
 * <p>Nothing is lost: a value that does not fit its column, and a key that has none, is kept as it
 * came in {@link EventFields#extra()}. Never throws for what a message holds. Not thread safe: one
 * for each thread.
 */
public final class EventParser {
  /** Deepest nesting that is read. */
  public static final int MAX_DEPTH = 1000;

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          // Else bytes that look like UTF-16 are read as such, and no place in them can be named.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final Utf8Check utf8 = new Utf8Check();
  private final IdentityRule identityRule;

  /** A parser of Amplitude's export records with their own identity. */
  public EventParser() {
    this(Mapping.amplitude(), IdentityFields.BY_MAPPING);
  }

  /** A parser of the records that a mapping describes, with the identity that a policy gives. */
  public EventParser(Mapping mapping, IdentityFields identityFields) {
    this.identityRule = new IdentityRule(mapping, identityFields);
  }

  /** The event in a message, or why there is none. */
  public Parsed parse(byte @Nullable [] message) {
    if (message == null) {
      return refused(RejectReason.NULL_VALUE, "the record has no value");
    }
    if (message.length == 0) {
      return refused(RejectReason.EMPTY, "the value has no bytes");
    }
    if (!utf8.valid(message)) {
      return refused(RejectReason.NOT_JSON, "the value is not valid UTF-8");
    }
    byte[] text = withoutByteOrderMark(message);
    try (JsonParser json = JSON.createParser(text)) {
      return record(json, text);
    } catch (StreamConstraintsException tooDeep) {
      return refused(RejectReason.TOO_DEEP, "nested deeper than " + MAX_DEPTH);
    } catch (IOException malformed) {
      return refused(RejectReason.NOT_JSON, firstLine(malformed));
    }
  }

  /** RFC 8259 allows to ignore it. */
  private static byte[] withoutByteOrderMark(byte[] message) {
    boolean marked =
        message.length >= 3
            && message[0] == (byte) 0xEF
            && message[1] == (byte) 0xBB
            && message[2] == (byte) 0xBF;
    return marked ? Arrays.copyOfRange(message, 3, message.length) : message;
  }

  private Parsed record(JsonParser json, byte[] message) throws IOException {
    JsonToken first = json.nextToken();
    if (first != JsonToken.START_OBJECT) {
      return notAnObject(json, first);
    }
    EventFields fields = new EventFields(message);
    String twice = new Keys(json, fields).read();
    if (json.nextToken() != null) {
      return refused(RejectReason.NOT_JSON, "more text behind the object");
    }
    if (twice != null) {
      return refused(RejectReason.DUPLICATE_KEY, "the key \"" + twice + "\" occurs twice");
    }
    return identityRule.apply(fields);
  }

  private static Parsed notAnObject(JsonParser json, @Nullable JsonToken first) throws IOException {
    if (first == null) {
      return refused(RejectReason.NOT_JSON, "blank");
    }
    json.skipChildren();
    json.finishToken();
    return json.nextToken() == null
        ? refused(RejectReason.NOT_AN_OBJECT, "found " + first + ", expected a JSON object")
        : refused(RejectReason.NOT_JSON, "more text behind the value");
  }

  private static Parsed refused(RejectReason reason, String detail) {
    return new Parsed.Refused(reason, detail, null);
  }

  private static String firstLine(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }

  /** Reads the keys of one object into fields. */
  private static final class Keys {
    private final JsonParser json;
    private final EventFields fields;
    private long seenColumns;
    private @Nullable Set<String> seenOthers;

    Keys(JsonParser json, EventFields fields) {
      this.json = json;
      this.fields = fields;
    }

    /** Reads to the object's end; returns a key that occurred twice, null if none did. */
    @Nullable String read() throws IOException {
      String twice = null;
      for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
        if (!firstOf(key)) {
          twice = key;
        }
        int keyStart = (int) json.currentTokenLocation().getByteOffset();
        value(key, keyStart);
      }
      return twice;
    }

    private boolean firstOf(String key) {
      Column column = EventSchema.columnsByKey().get(key);
      if (column == null) {
        seenOthers = seenOthers == null ? new HashSet<>() : seenOthers;
        return seenOthers.add(key);
      }
      long bit = 1L << EventSchema.indexOf(column);
      boolean first = (seenColumns & bit) == 0;
      seenColumns |= bit;
      return first;
    }

    private void value(String key, int keyStart) throws IOException {
      Column column = EventSchema.columnsByKey().get(key);
      JsonToken token = json.nextToken();
      if (column != null && token == JsonToken.VALUE_NULL) {
        return;
      }
      if (column != null && column.kind() == Column.Kind.JSON) {
        fields.set(EventSchema.indexOf(column), slice());
        return;
      }
      boolean complete = column != null && setFitting(column, token);
      if (!complete) {
        if (column != null) {
          fields.setMisfit(EventSchema.indexOf(column));
        }
        fields.keep(new Slice(keyStart, JsonText.endOfString(fields.message(), keyStart)), slice());
      }
    }

    /** Sets the column if the value fits; false where the original must be kept, too or instead. */
    private boolean setFitting(Column column, JsonToken token) throws IOException {
      int index = EventSchema.indexOf(column);
      return switch (column.kind()) {
        case STRING -> token == JsonToken.VALUE_STRING && setString(index);
        case TIME -> token == JsonToken.VALUE_STRING && setTime(index);
        case INTEGER -> token == JsonToken.VALUE_NUMBER_INT && setInteger(index);
        case DOUBLE -> token.isNumeric() && setDouble(index);
        case BOOLEAN -> token.isBoolean() && setBoolean(index, token);
        case JSON -> throw new IllegalStateException("JSON columns take every value");
      };
    }

    private boolean setString(int index) throws IOException {
      String text = json.getText();
      if (JsonText.hasLoneSurrogate(text)) {
        return false;
      }
      fields.set(index, text);
      return true;
    }

    private boolean setTime(int index) throws IOException {
      Optional<EventTime> time = EventTimes.parse(json.getText());
      time.ifPresent(t -> fields.set(index, t.micros()));
      return time.isPresent() && time.get().exact();
    }

    private boolean setInteger(int index) throws IOException {
      if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
        return false;
      }
      fields.set(index, json.getLongValue());
      return true;
    }

    private boolean setDouble(int index) throws IOException {
      double value = json.getDoubleValue();
      if (Double.isInfinite(value) || (value == 0 && !JsonText.isZero(json.getText()))) {
        return false;
      }
      fields.set(index, value);
      return true;
    }

    private boolean setBoolean(int index, JsonToken token) {
      fields.set(index, token == JsonToken.VALUE_TRUE);
      return true;
    }

    /** The bytes of the current value, which is read to its end. */
    private Slice slice() throws IOException {
      int start = (int) json.currentTokenLocation().getByteOffset();
      if (json.currentToken().isStructStart()) {
        json.skipChildren();
        return new Slice(start, (int) json.currentLocation().getByteOffset());
      }
      json.finishToken();
      return new Slice(start, JsonText.endOfScalar(fields.message(), start));
    }
  }
}
