package io.nova.event.row;

import java.util.BitSet;
import java.util.List;

/**
 * The columns that servers add to an event. They are no part of its payload, because a client's
 * retry arrives later and perhaps from another address.
 *
 * <p>These are the times of upload, receipt and processing, uuid, amplitude_id, the address and the
 * place derived from it. Where client_event_time is present, event_time is one of them: it is
 * computed from client_event_time.
 */
public enum ServerStamps {
  /** No column that servers add. */
  NEVER,
  /** A column that servers add where client_event_time is present. */
  WITH_CLIENT_TIME,
  /** A column that servers add. */
  ALWAYS;

  static final int CLIENT_EVENT_TIME = EventSchema.indexOf("client_event_time");
  private static final int EVENT_TIME = EventSchema.indexOf("event_time");
  private static final BitSet ADDED = new BitSet();

  static {
    List.of(
            "server_upload_time",
            "server_received_time",
            "processed_time",
            "client_upload_time",
            "uuid",
            "amplitude_id",
            "ip_address",
            "city",
            "country",
            "region",
            "dma")
        .forEach(name -> ADDED.set(EventSchema.indexOf(name)));
  }

  /** Whether servers add the column at this position of {@link EventSchema#columns()}. */
  public static ServerStamps of(int column) {
    if (ADDED.get(column)) {
      return ALWAYS;
    }
    return column == EVENT_TIME ? WITH_CLIENT_TIME : NEVER;
  }

  /** The positions of the columns that are no part of the payload. */
  static BitSet columns(boolean clientTime) {
    BitSet columns = (BitSet) ADDED.clone();
    columns.set(EVENT_TIME, clientTime);
    return columns;
  }

  /** Whether a value is no part of the payload. */
  public boolean applies(boolean clientTime) {
    return this == ALWAYS || (this == WITH_CLIENT_TIME && clientTime);
  }
}
