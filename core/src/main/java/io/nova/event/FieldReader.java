package io.nova.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.nova.event.EventTimes.EventTime;
import io.nova.event.mapping.ColumnSource;
import io.nova.event.mapping.TimeFormat;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Sets columns from the parser's current value, which is a scalar. */
final class FieldReader {
  private final OffsetJsonFactory.Parser json;
  private final EventFields fields;

  FieldReader(OffsetJsonFactory.Parser json, EventFields fields) {
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
      fields.set(source.column(), JsonBounds.scalar(fields.message(), json.tokenStart()));
      return false;
    }
    if (token != JsonToken.VALUE_STRING) {
      return false;
    }
    int start = json.tokenStart();
    int quote = JsonBounds.closingQuote(fields.message(), start);
    if (quote >= 0) {
      fields.setRange(source.column(), start + 1, quote);
      return true;
    }
    String text = json.getText();
    if (JsonBounds.hasLoneSurrogate(text)) {
      return false;
    }
    fields.set(source.column(), text);
    return true;
  }

  private boolean setTime(ColumnSource source, JsonToken token) throws IOException {
    boolean number = token.isNumeric() && source.time() != TimeFormat.AUTO;
    if (!number && token != JsonToken.VALUE_STRING) {
      return false;
    }
    EventTime time =
        number
            ? source.time().read(JsonBounds.scalar(fields.message(), json.tokenStart()))
            : timeOfText(source.time());
    if (time == null) {
      return false;
    }
    fields.setNumber(source.column(), time.micros());
    return time.exact();
  }

  private @Nullable EventTime timeOfText(TimeFormat format) throws IOException {
    int start = json.tokenStart();
    int quote = JsonBounds.closingQuote(fields.message(), start);
    return quote >= 0
        ? format.read(fields.message(), start + 1, quote)
        : format.read(json.getText());
  }

  private boolean setInteger(int index, JsonToken token) throws IOException {
    if (token != JsonToken.VALUE_NUMBER_INT
        || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      return false;
    }
    fields.setNumber(index, json.getLongValue());
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
                      ? JsonBounds.scalar(fields.message(), json.tokenStart())
                      : json.getText());
      if (number != null) {
        fields.setNumber(source.column(), number);
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
