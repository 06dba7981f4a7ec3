package io.nova.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.nova.event.identity.IdentityFields;
import io.nova.event.identity.IdentityRule;
import io.nova.event.mapping.Mapping;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Parses a message into an event, as a mapping describes.
 *
 * <p>Nothing is lost: a value that does not fit its column and an unmapped key are copied verbatim
 * to {@link EventFields#extra()}. No message makes it throw. Not thread safe: one for each thread.
 *
 * <p>Jackson keeps the keys of all messages in one table, and throws where too many have the same
 * hash. Such a message is read again with a table of its own that takes all keys. The next messages
 * begin with an empty table. So a message's outcome never depends on earlier messages.
 */
public final class EventParser {
  /** The deepest nesting that is accepted. */
  public static final int MAX_DEPTH = 1000;

  private final Reading<Parsed> record = this::record;
  private final Reading<Elements> elements = this::elements;
  private final Utf8Check utf8 = new Utf8Check();
  private final Mapping mapping;
  private final IdentityRule identityRule;
  private OffsetJsonFactory factory = factory(true);

  /** A parser of Amplitude's export records with the mapping's identity. */
  public EventParser() {
    this(Mapping.amplitude(), IdentityFields.BY_MAPPING);
  }

  /** A parser of the records that a mapping describes, with the identity that a policy gives. */
  public EventParser(Mapping mapping, IdentityFields identityFields) {
    this.mapping = mapping;
    this.identityRule = new IdentityRule(mapping, identityFields);
  }

  /**
   * A factory of Jackson's parsers, with an empty table of keys.
   *
   * @param failOnCollisions whether a parser throws where too many keys have the same hash
   */
  private static OffsetJsonFactory factory(boolean failOnCollisions) {
    JsonFactoryBuilder builder = new JsonFactoryBuilder();
    builder
        .configure(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW, failOnCollisions)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxNumberLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .build());
    return new OffsetJsonFactory(builder);
  }

  /** Reads what a parser is at the beginning of. */
  private interface Reading<T> {
    T read(OffsetJsonFactory.Parser json, byte[] text) throws IOException;
  }

  /** The event in a message, or why there is none. */
  public Parsed parse(byte @Nullable [] message) {
    return parse(message, record, EventParser::asParsed);
  }

  /** The elements of a message, as {@link Mapping#each} finds them, or why there are none. */
  public Elements parseElements(byte @Nullable [] message) {
    return parse(message, elements, Elements.Faulty::new);
  }

  /**
   * The event in an element that was taken out of its message, or why there is none.
   *
   * @param envelope what was around it, as {@link Elements.Found} has it. A broken one has no
   *     values
   */
  public Parsed parseElement(byte @Nullable [] element, byte[] envelope) {
    if (mapping.envelopeColumns().isEmpty() || envelope.length == 0) {
      return parse(element);
    }
    EventFields around = parse(envelope, this::envelope, broken -> new EventFields(envelope));
    return parse(element, (json, text) -> record(json, text, around), EventParser::asParsed);
  }

  private <T> T parse(
      byte @Nullable [] message, Reading<T> reading, Function<Parsed.Rejected, T> fault) {
    if (message == null) {
      return fault.apply(rejected(RejectReason.NULL_VALUE, "the record has no value"));
    }
    if (message.length == 0) {
      return fault.apply(rejected(RejectReason.EMPTY, "the value has no bytes"));
    }
    if (!utf8.valid(message)) {
      return fault.apply(rejected(RejectReason.NOT_JSON, "the value is not valid UTF-8"));
    }
    byte[] text = withoutByteOrderMark(message);
    try {
      return parse(factory, text, reading, fault);
    } catch (StreamConstraintsException collisions) {
      factory = factory(true);
      return parseAlone(text, reading, fault);
    } catch (IOException malformed) {
      return fault.apply(rejected(RejectReason.NOT_JSON, firstLine(malformed)));
    }
  }

  private static <T> T parseAlone(
      byte[] text, Reading<T> reading, Function<Parsed.Rejected, T> fault) {
    try {
      return parse(factory(false), text, reading, fault);
    } catch (IOException malformed) {
      return fault.apply(rejected(RejectReason.NOT_JSON, firstLine(malformed)));
    }
  }

  private static <T> T parse(
      OffsetJsonFactory parsers,
      byte[] text,
      Reading<T> reading,
      Function<Parsed.Rejected, T> fault)
      throws IOException {
    try (OffsetJsonFactory.Parser json = parsers.parserOf(text)) {
      try {
        return reading.read(json, text);
      } catch (StreamConstraintsException e) {
        if (json.getParsingContext().getNestingDepth() > MAX_DEPTH) {
          return fault.apply(rejected(RejectReason.TOO_DEEP, "nested deeper than " + MAX_DEPTH));
        }
        throw e;
      }
    }
  }

  /** RFC 8259 allows a parser to ignore it. */
  private static byte[] withoutByteOrderMark(byte[] message) {
    boolean marked =
        message.length >= 3
            && message[0] == (byte) 0xEF
            && message[1] == (byte) 0xBB
            && message[2] == (byte) 0xBF;
    return marked ? Arrays.copyOfRange(message, 3, message.length) : message;
  }

  private Parsed record(OffsetJsonFactory.Parser json, byte[] message) throws IOException {
    return record(json, message, null);
  }

  private Parsed record(
      OffsetJsonFactory.Parser json, byte[] message, @Nullable EventFields envelope)
      throws IOException {
    JsonToken first = json.nextToken();
    if (first != JsonToken.START_OBJECT) {
      return notAnObject(json, first);
    }
    EventFields fields = new EventFields(message, mapping.alternatives());
    mapping.setConstants(fields);
    String twice = new RecordReader(mapping, json, fields).read();
    if (json.nextToken() != null) {
      return rejected(RejectReason.NOT_JSON, "more text after the object");
    }
    if (twice != null) {
      return repeated(twice);
    }
    return envelope == null ? identityRule.apply(fields) : inEnvelope(fields, envelope);
  }

  private EventFields envelope(OffsetJsonFactory.Parser json, byte[] message) throws IOException {
    ElementsReader reader = new ElementsReader(mapping, json, message, this::element);
    Elements unused = reader.read();
    return reader.envelope();
  }

  private Elements elements(OffsetJsonFactory.Parser json, byte[] message) throws IOException {
    return new ElementsReader(mapping, json, message, this::element).read();
  }

  private Supplier<Parsed> element(
      OffsetJsonFactory.Parser json, byte[] message, EventFields envelope) throws IOException {
    JsonToken first = json.currentToken();
    if (first != JsonToken.START_OBJECT) {
      json.skipChildren();
      return () -> notAnObject(first);
    }
    EventFields fields = new EventFields(message, mapping.alternatives());
    mapping.setConstants(fields);
    String twice = new RecordReader(mapping, json, fields).read();
    return () -> twice == null ? inEnvelope(fields, envelope) : repeated(twice);
  }

  private Parsed inEnvelope(EventFields fields, EventFields envelope) {
    fields.takeFrom(envelope, mapping.envelopeColumns());
    return identityRule.apply(fields);
  }

  private static Parsed notAnObject(JsonParser json, @Nullable JsonToken first) throws IOException {
    if (first == null) {
      return rejected(RejectReason.NOT_JSON, "blank");
    }
    json.skipChildren();
    json.finishToken();
    return json.nextToken() == null
        ? notAnObject(first)
        : rejected(RejectReason.NOT_JSON, "more text after the value");
  }

  private static Parsed notAnObject(JsonToken found) {
    return rejected(RejectReason.NOT_AN_OBJECT, "found " + found + ", expected a JSON object");
  }

  private static Parsed repeated(String key) {
    return rejected(RejectReason.DUPLICATE_KEY, "the key \"" + key + "\" occurs twice");
  }

  private static Parsed asParsed(Parsed.Rejected rejected) {
    return rejected;
  }

  private static Parsed.Rejected rejected(RejectReason reason, String detail) {
    return new Parsed.Rejected(reason, detail, null);
  }

  private static String firstLine(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }
}
