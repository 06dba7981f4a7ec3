package io.nova.event;

import com.fasterxml.jackson.core.JsonToken;
import io.nova.event.Elements.Element;
import io.nova.event.mapping.ColumnSource;
import io.nova.event.mapping.Mapping;
import io.nova.event.mapping.PathNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message whose records are the elements of an array, as a mapping describes.
 *
 * <p>The message around the array is the envelope. Pointers into it, and the path to the array,
 * pass through objects only. Unmapped fields of the envelope belong to no event, so no column has
 * them.
 *
 * <p>One instance reads one message.
 */
final class ElementsReader {
  /** The value is not on the path to the elements. */
  private static final int ASIDE = -1;

  private static final byte[] EMPTY_ARRAY = "[]".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NONE = {};

  private final Mapping mapping;
  private final List<String> path;
  private final OffsetJsonFactory.Parser json;
  private final byte[] message;
  private final EventFields envelope;
  private final FieldReader values;
  private final ElementParser parser;
  private final List<Element> elements = new ArrayList<>();
  private @Nullable JsonToken found;
  private @Nullable String twice;
  private int count;
  private int arrayStart;
  private int arrayEnd;

  /** Reads one element. */
  interface ElementParser {
    /**
     * Reads the parser's current value to its end.
     *
     * @param envelope the values of the envelope, which are complete only at the end of the message
     * @return what to ask at the end of the message
     */
    Supplier<Parsed> read(OffsetJsonFactory.Parser json, byte[] message, EventFields envelope)
        throws IOException;
  }

  ElementsReader(
      Mapping mapping, OffsetJsonFactory.Parser json, byte[] message, ElementParser parser) {
    this.mapping = mapping;
    this.path = mapping.each().orElseThrow();
    this.json = json;
    this.message = message;
    this.envelope = new EventFields(message, mapping.alternatives());
    this.values = new FieldReader(json, envelope);
    this.parser = parser;
  }

  /** Reads the message to its end. */
  Elements read() throws IOException {
    JsonToken first = json.nextToken();
    if (first == null) {
      return faulty(RejectReason.NOT_JSON, "blank");
    }
    value(first, mapping.envelope(), 0);
    json.finishToken();
    if (json.nextToken() != null) {
      return faulty(RejectReason.NOT_JSON, "more text after the value");
    }
    if (twice != null) {
      return faulty(RejectReason.DUPLICATE_KEY, "the key \"" + twice + "\" occurs twice");
    }
    return found == JsonToken.START_ARRAY ? elements() : noArray();
  }

  /** The values of the envelope, after {@link #read}. */
  EventFields envelope() {
    return envelope;
  }

  private Elements noArray() {
    String place = path.isEmpty() ? "the message" : "/" + String.join("/", path);
    return found == null || found == JsonToken.VALUE_NULL
        ? faulty(
            RejectReason.ELEMENTS_MISSING, "%s: found nothing, expected an array".formatted(place))
        : faulty(
            RejectReason.ELEMENTS_INVALID,
            "%s: found %s, expected an array".formatted(place, found));
  }

  private Elements elements() {
    if (count > Elements.MOST) {
      return faulty(
          RejectReason.ELEMENTS_INVALID,
          "found %d elements, expected at most %d".formatted(count, Elements.MOST));
    }
    int bytes = arrayStart + EMPTY_ARRAY.length + message.length - arrayEnd;
    boolean fits =
        bytes <= Elements.LARGEST_ENVELOPE
            && (long) bytes * count <= Elements.MOST_ENVELOPE_COPIES_BYTES;
    if (fits || mapping.envelopeColumns().isEmpty()) {
      return new Elements.Found(message, elements, fits ? around(bytes) : NONE);
    }
    return faulty(
        RejectReason.ELEMENTS_INVALID,
        bytes > Elements.LARGEST_ENVELOPE
            ? "found an envelope of %d bytes around the elements, expected at most %d"
                .formatted(bytes, Elements.LARGEST_ENVELOPE)
            : "found %d elements with an envelope of %d bytes each, expected at most %d bytes together"
                .formatted(count, bytes, Elements.MOST_ENVELOPE_COPIES_BYTES));
  }

  private byte[] around(int bytes) {
    return ByteBuffer.allocate(bytes)
        .put(message, 0, arrayStart)
        .put(EMPTY_ARRAY)
        .put(message, arrayEnd, message.length - arrayEnd)
        .array();
  }

  private static Elements faulty(RejectReason reason, String detail) {
    return new Elements.Faulty(new Parsed.Rejected(reason, detail, null));
  }

  /**
   * Reads a value of the envelope.
   *
   * @param node its node among the pointers, null where none passes
   * @param steps how many keys of the path lead to it, or {@link #ASIDE}
   */
  private void value(JsonToken token, @Nullable PathNode node, int steps) throws IOException {
    if (steps == path.size()) {
      array(token);
    } else if (token == JsonToken.START_OBJECT && (steps != ASIDE || hasChildren(node))) {
      object(node, steps);
    } else if (node != null && token != JsonToken.VALUE_NULL) {
      field(node, token);
    } else {
      json.skipChildren();
    }
  }

  private static boolean hasChildren(@Nullable PathNode node) {
    return node != null && node.hasChildren();
  }

  private void object(@Nullable PathNode node, int steps) throws IOException {
    Set<String> keys = new HashSet<>();
    for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
      if (!keys.add(key)) {
        twice = key;
      }
      boolean onPath = steps != ASIDE && key.equals(path.get(steps));
      // Jackson interns the keys, as the nodes do.
      value(json.nextToken(), node == null ? null : node.child(key), onPath ? steps + 1 : ASIDE);
    }
    if (node != null) {
      misfits(node);
    }
  }

  private void field(PathNode node, JsonToken token) throws IOException {
    if (token.isStructStart()) {
      json.skipChildren();
      misfits(node);
      return;
    }
    for (ColumnSource source : node.sources()) {
      if (envelope.open(source)) {
        envelope.take(source);
        if (!values.setFitting(source, token)) {
          envelope.setMisfit(source.column());
        }
      }
    }
  }

  private void misfits(PathNode node) {
    for (ColumnSource source : node.sources()) {
      if (envelope.open(source)) {
        envelope.take(source);
        envelope.setMisfit(source.column());
      }
    }
  }

  private void array(JsonToken token) throws IOException {
    found = token;
    if (token != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    arrayStart = json.tokenStart();
    for (JsonToken first = json.nextToken();
        first != JsonToken.END_ARRAY;
        first = json.nextToken()) {
      count++;
      if (count > Elements.MOST) {
        json.skipChildren();
      } else {
        int start = json.tokenStart();
        Supplier<Parsed> outcome = parser.read(json, message, envelope);
        elements.add(new Element(start, end(start), outcome));
      }
    }
    arrayEnd = json.position();
  }

  /** The index after the current element, which is read to its end. */
  private int end(int start) throws IOException {
    if (json.currentToken().isStructEnd()) {
      return json.position();
    }
    json.finishToken();
    return JsonBounds.endOfScalar(message, start);
  }
}
