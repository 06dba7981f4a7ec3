package io.nova.event;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides from the fields of a record what its app, its upload time and its identity are: the
 * columns that a policy or the mapping names; where none are named (app, device_id, $insert_id);
 * without one of these two (app, uuid); without both (app, device_id, event_id, client_event_time).
 * Null and the empty string count as absent.
 */
final class IdentityRule {
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

  IdentityRule(Mapping mapping, IdentityFields identityFields) {
    this.mapping = mapping;
    this.identityFields = identityFields;
  }

  Parsed apply(EventFields fields) {
    if (!(fields.value(APP) instanceof Long app)) {
      return fields.misfit(APP)
          ? new Parsed.Refused(
              RejectReason.APP_INVALID, "app: expected an integer of 64 bits", null)
          : new Parsed.Refused(RejectReason.APP_MISSING, "app: found nothing", null);
    }
    if (!(fields.value(UPLOAD_TIME) instanceof Long uploadMicros)) {
      return fields.misfit(UPLOAD_TIME)
          ? new Parsed.Refused(
              RejectReason.UPLOAD_TIME_INVALID, "server_upload_time: expected a time", app)
          : new Parsed.Refused(
              RejectReason.UPLOAD_TIME_MISSING, "server_upload_time: found nothing", app);
    }
    NamedFields named = named(app, uploadMicros);
    return named == null
        ? applyBuiltIn(fields, app, uploadMicros)
        : named.apply(fields, app, uploadMicros);
  }

  /** The rule by names for this event; null where the built-in kinds apply. */
  private @Nullable NamedFields named(long app, long uploadMicros) {
    List<String> names = identityFields.of(app, uploadMicros);
    names = names.isEmpty() ? mapping.identity() : names;
    return names.isEmpty() ? null : byNames.computeIfAbsent(names, NamedFields::new);
  }

  private static Parsed applyBuiltIn(EventFields fields, long app, long uploadMicros) {
    String invalid = invalidField(fields);
    if (invalid != null) {
      return new Parsed.Refused(RejectReason.IDENTITY_INVALID, invalid, app);
    }
    Identity identity = identity(fields, app);
    return identity == null
        ? new Parsed.Refused(
            RejectReason.IDENTITY_MISSING,
            "found neither device_id and $insert_id, nor uuid, nor device_id, event_id and"
                + " client_event_time",
            app)
        : new Parsed.Event(identity, uploadMicros, fields);
  }

  private static @Nullable String invalidField(EventFields fields) {
    for (int index : new int[] {DEVICE_ID, INSERT_ID, UUID}) {
      if (fields.misfit(index)) {
        return EventSchema.columns().get(index).key() + ": expected a string of whole characters";
      }
    }
    boolean byCounter = fields.nonEmpty(INSERT_ID) == null || fields.nonEmpty(DEVICE_ID) == null;
    if (byCounter && fields.nonEmpty(UUID) == null) {
      if (fields.misfit(EVENT_ID)) {
        return "event_id: expected an integer of 64 bits";
      }
      if (fields.misfit(CLIENT_EVENT_TIME) && fields.value(CLIENT_EVENT_TIME) == null) {
        return "client_event_time: expected a time";
      }
    }
    return null;
  }

  private static @Nullable Identity identity(EventFields fields, long app) {
    String device = fields.nonEmpty(DEVICE_ID);
    String insertId = fields.nonEmpty(INSERT_ID);
    String uuid = fields.nonEmpty(UUID);
    if (device != null && insertId != null) {
      return new Identity.ByInsertId(app, device, insertId);
    }
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
