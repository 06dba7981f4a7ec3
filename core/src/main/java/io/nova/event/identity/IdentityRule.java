package io.nova.event.identity;

import io.nova.event.EventFields;
import io.nova.event.Parsed;
import io.nova.event.RejectReason;
import io.nova.event.mapping.Mapping;
import io.nova.event.row.EventSchema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the app, the upload time and the identity of an event in its fields.
 *
 * <p>The identity is made of the columns that a policy or the mapping names. Where none are named,
 * it is (app, device_id, $insert_id), else (app, uuid), else (app, device_id, event_id,
 * client_event_time). Null and the empty string count as absent.
 */
public final class IdentityRule {
  private static final int APP = EventSchema.indexOf("app");
  private static final int DEVICE_ID = EventSchema.indexOf("device_id");
  private static final int INSERT_ID = EventSchema.indexOf("insert_id");
  private static final int UUID = EventSchema.indexOf("uuid");
  private static final int EVENT_ID = EventSchema.indexOf("event_id");
  private static final int CLIENT_EVENT_TIME = EventSchema.indexOf("client_event_time");
  private static final int UPLOAD_TIME = EventSchema.indexOf("server_upload_time");

  private final Mapping mapping;
  private final IdentityFields identityFields;
  private final Map<List<String>, NamedFields> byNames = new HashMap<>();

  public IdentityRule(Mapping mapping, IdentityFields identityFields) {
    this.mapping = mapping;
    this.identityFields = identityFields;
  }

  public Parsed apply(EventFields fields) {
    if (!fields.isNumber(APP)) {
      return fields.misfit(APP)
          ? new Parsed.Rejected(RejectReason.APP_INVALID, unfit(APP), null)
          : new Parsed.Rejected(RejectReason.APP_MISSING, missing(APP), null);
    }
    long app = fields.number(APP);
    if (!fields.isNumber(UPLOAD_TIME)) {
      return fields.misfit(UPLOAD_TIME)
          ? new Parsed.Rejected(RejectReason.UPLOAD_TIME_INVALID, unfit(UPLOAD_TIME), app)
          : new Parsed.Rejected(RejectReason.UPLOAD_TIME_MISSING, missing(UPLOAD_TIME), app);
    }
    long uploadMicros = fields.number(UPLOAD_TIME);
    NamedFields named = named(app, uploadMicros);
    return named == null
        ? applyBuiltIn(fields, app, uploadMicros)
        : named.apply(fields, app, uploadMicros);
  }

  private String missing(int column) {
    return mapping.place(column) + ": found nothing";
  }

  private String unfit(int column) {
    return "%s: expected %s".formatted(mapping.place(column), mapping.expected(column));
  }

  /** The rule by names for this event; null where the built-in kinds apply. */
  private @Nullable NamedFields named(long app, long uploadMicros) {
    List<String> names = identityFields.of(app, uploadMicros);
    names = names.isEmpty() ? mapping.identity() : names;
    return names.isEmpty()
        ? null
        : byNames.computeIfAbsent(names, unseen -> new NamedFields(unseen, mapping));
  }

  private Parsed applyBuiltIn(EventFields fields, long app, long uploadMicros) {
    int invalid = invalidField(fields);
    if (invalid >= 0) {
      return new Parsed.Rejected(RejectReason.IDENTITY_INVALID, unfit(invalid), app);
    }
    Identity identity = identity(fields, app);
    return identity == null
        ? new Parsed.Rejected(RejectReason.IDENTITY_MISSING, noKind(), app)
        : new Parsed.Event(identity, uploadMicros, fields);
  }

  private String noKind() {
    return "found neither %s and %s, nor %s, nor %s, %s and %s"
        .formatted(
            mapping.place(DEVICE_ID),
            mapping.place(INSERT_ID),
            mapping.place(UUID),
            mapping.place(DEVICE_ID),
            mapping.place(EVENT_ID),
            mapping.place(CLIENT_EVENT_TIME));
  }

  /** The first column of an identity whose value cannot be compared; -1 where all can. */
  private static int invalidField(EventFields fields) {
    if (unfit(fields, DEVICE_ID)) {
      return DEVICE_ID;
    }
    if (unfit(fields, INSERT_ID)) {
      return INSERT_ID;
    }
    if (unfit(fields, UUID)) {
      return UUID;
    }
    boolean byCounter = !fields.hasText(INSERT_ID) || !fields.hasText(DEVICE_ID);
    if (byCounter && !fields.hasText(UUID)) {
      for (int column : new int[] {EVENT_ID, CLIENT_EVENT_TIME}) {
        if (unfit(fields, column)) {
          return column;
        }
      }
    }
    return -1;
  }

  /** Whether a column has a misfit and no value. A value that was converted can be compared. */
  private static boolean unfit(EventFields fields, int column) {
    return fields.misfit(column) && fields.value(column) == null;
  }

  private static @Nullable Identity identity(EventFields fields, long app) {
    String device = fields.nonEmpty(DEVICE_ID);
    String insertId = fields.nonEmpty(INSERT_ID);
    if (device != null && insertId != null) {
      return new Identity.ByInsertId(app, device, insertId);
    }
    String uuid = fields.nonEmpty(UUID);
    if (uuid != null) {
      return new Identity.ByUuid(app, uuid);
    }
    if (device != null
        && fields.value(EVENT_ID) instanceof Long eventId
        && fields.value(CLIENT_EVENT_TIME) instanceof Long clientMicros) {
      return new Identity.ByCounter(app, device, eventId, clientMicros);
    }
    return null;
  }
}
