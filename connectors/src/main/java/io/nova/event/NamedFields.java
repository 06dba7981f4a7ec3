package io.nova.event;

import io.nova.event.Column.Kind;
import java.util.ArrayList;
import java.util.List;

/** The identity of an event by columns that a rule names. Immutable. */
final class NamedFields {
  private final List<String> names;
  private final int[] columns;

  /** The columns with these names, in any order. */
  NamedFields(List<String> names) {
    this.names = IdentityFields.checked(names);
    this.columns = this.names.stream().mapToInt(EventSchema::indexOf).toArray();
  }

  /** The identity, or why there is none: every field must be there, null and "" are not. */
  Parsed apply(EventFields fields, long app, long uploadMicros) {
    List<String> values = new ArrayList<>(columns.length);
    for (int column : columns) {
      Object value = fields.value(column);
      if (value == null && fields.misfit(column)) {
        return refused(RejectReason.IDENTITY_INVALID, column, app);
      }
      if (value == null || value.equals("")) {
        return refused(RejectReason.IDENTITY_MISSING, column, app);
      }
      values.add(value.toString());
    }
    return new Parsed.Event(new Identity.ByFields(app, names, values), uploadMicros, fields);
  }

  private static Parsed.Refused refused(RejectReason reason, int column, long app) {
    String name = EventSchema.columns().get(column).name();
    String detail =
        reason == RejectReason.IDENTITY_MISSING
            ? "found nothing, and it is part of the identity"
            : "expected " + expected(EventSchema.columns().get(column).kind());
    return new Parsed.Refused(reason, name + ": " + detail, app);
  }

  private static String expected(Kind kind) {
    return switch (kind) {
      case STRING -> "a string of whole characters";
      case INTEGER -> "an integer of 64 bits";
      case DOUBLE -> "a number";
      case BOOLEAN -> "true or false";
      case TIME -> "a time";
      case JSON -> "JSON";
    };
  }
}
