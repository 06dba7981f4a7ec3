package io.nova.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.nova.event.EventTimes.EventTime;
import io.nova.event.mapping.ColumnSource;
import io.nova.event.mapping.TimeFormat;
import java.io.IOException;
import java.util.Optional;

/** Sets columns from the parser's current value, which is a scalar. */
final class FieldReader {
  private final JsonParser json;
  private final EventFields fields;

  FieldReader(JsonParser json, EventFields fields) {
    this.json = json;
    this.fields = fields;
  }

  /**
   * Sets the column if the value fits; false unless the column has the complete, unchanged value.
   */
  boolean setFitting(ColumnSource source, JsonToken token) throws IOException {
    int index = source.column();
    return switch (source.kind()) {
      case STRING -> setString(source, token);
      case TIME -> setTime(source, token);
      case INTEGER ->
          source.values().isEmpty() ? setInteger(index, token) : setNamed(source, token);
      case DOUBLE -> token.isNumeric() && setDouble(index);
      case BOOLEAN -> token.isBoolean() && setBoolean(index, token);
      case JSON -> throw new IllegalStateException("JSON columns take every value");
    };
  }

  /** A number that is stored as text is not the unchanged value. */
  private boolean setString(ColumnSource source, JsonToken token) throws IOException {
    if (token.isNumeric() && source.numberAsText()) {
      fields.set(source.column(), JsonBounds.scalar(fields.message(), start()));
      return false;
    }
    if (token != JsonToken.VALUE_STRING) {
      return false;
    }
    String text = json.getText();
    if (JsonBounds.hasLoneSurrogate(text)) {
      return false;
    }
    fields.set(source.column(), text);
    return true;
  }

  private int start() {
    return (int) json.currentTokenLocation().getByteOffset();
  }

  private boolean setTime(ColumnSource source, JsonToken token) throws IOException {
    boolean number = token.isNumeric() && source.time() != TimeFormat.AUTO;
    if (!number && token != JsonToken.VALUE_STRING) {
      return false;
    }
    String text = number ? JsonBounds.scalar(fields.message(), start()) : json.getText();
    Optional<EventTime> time = source.time().read(text);
    time.ifPresent(t -> fields.set(source.column(), t.micros()));
    return time.isPresent() && time.get().exact();
  }

  private boolean setInteger(int index, JsonToken token) throws IOException {
    if (token != JsonToken.VALUE_NUMBER_INT
        || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      return false;
    }
    fields.set(index, json.getLongValue());
    return true;
  }

  /** The column has a number that only the mapping explains, so the original is kept. */
  private boolean setNamed(ColumnSource source, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING || token.isNumeric()) {
      Long number =
          source
              .values()
              .get(
                  token.isNumeric()
                      ? JsonBounds.scalar(fields.message(), start())
                      : json.getText());
      if (number != null) {
        fields.set(source.column(), number);
      }
    }
    return false;
  }

  private boolean setDouble(int index) throws IOException {
    double value = json.getDoubleValue();
    if (Double.isInfinite(value) || (value == 0 && !JsonBounds.isZero(json.getText()))) {
      return false;
    }
    fields.set(index, value);
    return true;
  }

  private boolean setBoolean(int index, JsonToken token) {
    fields.set(index, token == JsonToken.VALUE_TRUE);
    return true;
  }
}
