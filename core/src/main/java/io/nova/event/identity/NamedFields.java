package io.nova.event.identity;

import io.nova.event.EventFields;
import io.nova.event.Parsed;
import io.nova.event.RejectReason;
import io.nova.event.mapping.Mapping;
import io.nova.event.row.EventSchema;
import java.util.ArrayList;
import java.util.List;

/** The identity of an event by columns that a rule names. Immutable. */
final class NamedFields {
  private final List<String> names;
  private final int[] columns;
  private final Mapping mapping;

  /** The columns with these names, in any order, as a mapping fills them. */
  NamedFields(List<String> names, Mapping mapping) {
    this.mapping = mapping;
    this.names = IdentityFields.checked(names);
    this.columns = this.names.stream().mapToInt(EventSchema::indexOf).toArray();
  }

  /**
   * The event with its identity, or why there is none. Every field must have a value; "" is none.
   */
  Parsed apply(EventFields fields, long app, long uploadMicros) {
    List<String> values = new ArrayList<>(columns.length);
    for (int column : columns) {
      Object value = fields.value(column);
      if (value == null && fields.misfit(column)) {
        return rejected(RejectReason.IDENTITY_INVALID, column, app);
      }
      if (value == null || value.equals("")) {
        return rejected(RejectReason.IDENTITY_MISSING, column, app);
      }
      values.add(value.toString());
    }
    return new Parsed.Event(new Identity.ByFields(app, names, values), uploadMicros, fields);
  }

  private Parsed.Rejected rejected(RejectReason reason, int column, long app) {
    String detail =
        reason == RejectReason.IDENTITY_MISSING
            ? "found nothing, and it is part of the identity"
            : "expected " + mapping.expected(column);
    return new Parsed.Rejected(reason, "%s: %s".formatted(mapping.place(column), detail), app);
  }
}
