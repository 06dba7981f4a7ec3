package io.nova.event;

import com.fasterxml.jackson.core.JsonToken;
import io.nova.event.EventFields.Slice;
import io.nova.event.mapping.ColumnSource;
import io.nova.event.mapping.Mapping;
import io.nova.event.mapping.PathNode;
import io.nova.event.row.Column;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object into fields, as a mapping describes.
 *
 * <p>A key is copied to {@code extra} verbatim unless some column has its complete, unchanged
 * value. A null where a pointer ends may be left out. A key that occurs twice is reported, at the
 * top level and in every object that a pointer passes through.
 */
final class RecordReader {
  private static final int NO_MEMBER = -1;
  private static final int NO_KEY = -1;

  private final Mapping mapping;
  private final OffsetJsonFactory.Parser json;
  private final EventFields fields;
  private final FieldReader values;
  private final long[] seen;
  private @Nullable Set<String> seenOthers;
  private @Nullable String twice;

  RecordReader(Mapping mapping, OffsetJsonFactory.Parser json, EventFields fields) {
    this.mapping = mapping;
    this.json = json;
    this.fields = fields;
    this.values = new FieldReader(json, fields);
    this.seen = new long[(mapping.nodes() + Long.SIZE - 1) / Long.SIZE];
  }

  /** Reads to the end of the object; returns a key that occurs twice, or null. */
  @Nullable String read() throws IOException {
    for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
      PathNode node = mapping.root().child(key);
      if (node == null ? !firstOther(key) : !first(node)) {
        twice = key;
      }
      int keyStart = json.tokenStart();
      JsonToken token = json.nextToken();
      if (node == null) {
        fields.keep(keyStart, endOfKey(keyStart), slice());
      } else if (token != JsonToken.VALUE_NULL || node.sources().length == 0) {
        member(node, token, keyStart);
      }
    }
    return twice;
  }

  private boolean firstOther(String key) {
    seenOthers = seenOthers == null ? new HashSet<>() : seenOthers;
    return seenOthers.add(key);
  }

  private boolean first(PathNode node) {
    int word = node.number() / Long.SIZE;
    long bit = 1L << node.number() % Long.SIZE;
    boolean first = (seen[word] & bit) == 0;
    seen[word] |= bit;
    return first;
  }

  /** Reads the value of a key of the record that pointers name or pass through. */
  private void member(PathNode node, JsonToken token, int keyStart) throws IOException {
    int member = fields.nextMember();
    int holders = token.isStructStart() ? 0 : scalar(node, token, member);
    if (holders > 0 && !node.takesJson() && !fields.mayForget()) {
      return;
    }
    Slice whole = node.hasChildren() && token.isStructStart() ? inside(node, token) : slice();
    holders += json(node, whole, member);
    if (token.isStructStart()) {
      misfits(node);
    }
    if (holders == 0 || fields.mayForget()) {
      fields.note(keyStart, endOfKey(keyStart), whole, holders, node.stamp());
    }
  }

  /** Offers a value to the scalar columns; returns how many have it complete and unchanged. */
  private int scalar(PathNode node, JsonToken token, int member) throws IOException {
    int holders = 0;
    for (ColumnSource source : node.sources()) {
      if (source.kind() != Column.Kind.JSON && fields.open(source)) {
        fields.take(source);
        if (values.setFitting(source, token)) {
          fields.holds(source, member);
          holders++;
        } else {
          fields.setMisfit(source.column());
        }
      }
    }
    return holders;
  }

  /** Offers a value's bytes to the JSON columns; returns how many have it. */
  private int json(PathNode node, Slice value, int member) {
    int holders = 0;
    for (ColumnSource source : node.sources()) {
      if (source.kind() == Column.Kind.JSON && fields.open(source)) {
        fields.take(source);
        fields.set(source.column(), value);
        fields.holds(source, member);
        holders++;
      }
    }
    return holders;
  }

  /** Notes an object or array where a scalar was expected. */
  private void misfits(PathNode node) {
    for (ColumnSource source : node.sources()) {
      if (source.kind() != Column.Kind.JSON && fields.open(source)) {
        fields.take(source);
        fields.setMisfit(source.column());
      }
    }
  }

  /** Reads an object or array that pointers pass through, to its end. */
  private Slice inside(PathNode node, JsonToken open) throws IOException {
    int start = json.tokenStart();
    if (open == JsonToken.START_OBJECT) {
      for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
        PathNode below = node.child(key);
        if (below != null && !first(below)) {
          twice = key;
        }
        int keyStart = json.tokenStart();
        JsonToken token = json.nextToken();
        below(below, token, keyStart);
      }
    } else {
      int position = 0;
      for (JsonToken token = json.nextToken();
          token != JsonToken.END_ARRAY;
          token = json.nextToken()) {
        below(node.child(Integer.toString(position++)), token, NO_KEY);
      }
    }
    return new Slice(start, json.position());
  }

  /** Reads a part of a key's value. No column has the complete value by it. */
  private void below(@Nullable PathNode node, JsonToken token, int keyStart) throws IOException {
    if (node == null) {
      json.skipChildren();
      return;
    }
    Slice value = token.isStructStart() ? structBelow(node, token) : scalarBelow(node, token);
    fields.stamp(keyStart == NO_KEY ? value.start() : keyStart, value.end(), node.stamp());
  }

  private Slice structBelow(PathNode node, JsonToken token) throws IOException {
    Slice value = node.hasChildren() ? inside(node, token) : slice();
    json(node, value, NO_MEMBER);
    misfits(node);
    return value;
  }

  private Slice scalarBelow(PathNode node, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_NULL) {
      return slice();
    }
    scalar(node, token, NO_MEMBER);
    Slice value = slice();
    json(node, value, NO_MEMBER);
    return value;
  }

  private int endOfKey(int keyStart) {
    return JsonBounds.endOfString(fields.message(), keyStart);
  }

  /** The bytes of the current value, which is read to its end. */
  private Slice slice() throws IOException {
    int start = json.tokenStart();
    if (json.currentToken().isStructStart()) {
      return new Slice(start, json.endOfStruct());
    }
    // The parser checks a text while it steps over it, without making it a String.
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      json.finishToken();
      return new Slice(start, JsonBounds.endOfScalar(fields.message(), start));
    }
    int quote = JsonBounds.closingQuote(fields.message(), start);
    if (quote >= 0) {
      return new Slice(start, quote + 1);
    }
    json.finishToken();
    return new Slice(start, JsonBounds.endOfString(fields.message(), start));
  }
}
