package io.nova.workload.generate;

import io.nova.workload.generate.Dice.Purpose;
import io.nova.workload.generate.Visit.IdentityKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the events of an upload as export records: all 55 keys, null when unknown. Values that are
 * the same in a whole visit are written once and copied. For one thread.
 */
final class EventWriter {
  private final JsonBuffer out = new JsonBuffer();
  private final JsonBuffer batchOut = new JsonBuffer();
  private final VisitPart visitPart = new VisitPart();

  /**
   * A visit's upload, the first time or (with a new upload time) the second time.
   *
   * @param uploadMicros its upload time in microseconds since 1970
   * @param retried whether it is the second time
   */
  record Upload(Visit visit, long uploadMicros, boolean retried) {
    long receivedMicros() {
      return uploadMicros - 4_000 - uploadMicros % 9_000;
    }

    long clientUploadMicros() {
      int latency = 35_000 + Math.floorMod(visit.details, 400_000);
      return (receivedMicros() - latency + visit.person.clockOffsetMicros()) / 1_000 * 1_000;
    }
  }

  /** The records of the upload's events from {@code first} to {@code end - 1}. */
  List<byte[]> write(Upload upload, int first, int end) {
    byte[] visitBytes = visitPart.bytes(upload.visit);
    byte[] batchBytes = batchPart(upload);
    ArrayList<byte[]> records = new ArrayList<>(end - first);
    for (int event = first; event < end; event++) {
      eventPart(upload, event);
      records.add(out.raw(batchBytes).raw(visitBytes).toBytes());
    }
    return records;
  }

  private void eventPart(Upload upload, int event) {
    Visit visit = upload.visit;
    Dice dice = Dice.of(visit.seed, Purpose.EVENT, visit.number, event);
    int insertIdOf = mislabelled(visit, event, dice) ? event - 1 : event;
    EventType type = visit.type(event);
    out.clear().raw("{");
    out.key("$insert_id");
    insertId(visit, insertIdOf);
    out.key("event_type").string(type.title);
    out.key("amplitude_event_type").raw(amplitudeType(type));
    out.key("event_id").number(eventId(upload, event));
    out.key("uuid");
    uuid(upload, event);
    times(upload, event);
    out.key("event_properties");
    EventProperties.write(out, type, dice);
  }

  private void times(Upload upload, int event) {
    Visit visit = upload.visit;
    // A device clock counts milliseconds.
    long clientMicros =
        (visit.happenedMicros(event) + visit.person.clockOffsetMicros()) / 1_000 * 1_000;
    out.key("client_event_time").time(clientMicros);
    out.key("event_time")
        .time(clientMicros + upload.receivedMicros() - upload.clientUploadMicros());
  }

  /** Rarely a client gives two events the same id by mistake. */
  private boolean mislabelled(Visit visit, int event, Dice dice) {
    return dice.oftenInMillion(300) && event > 0 && visit.identity == IdentityKind.INSERT_ID;
  }

  private void insertId(Visit visit, int event) {
    switch (visit.identity) {
      case INSERT_ID -> {
        Dice dice = Dice.of(visit.details, Purpose.EVENT, event);
        out.raw("\"").uuid(dice.next(), dice.next()).raw("\"");
      }
      case FREE_TEXT_INSERT_ID ->
          out.raw("\"")
              .raw(visit.type(event).title)
              .raw(":")
              .number(firstEventId(visit, event))
              .raw("\"");
      case UUID -> out.raw("null");
      case EVENT_ID -> out.raw(event % 2 == 0 ? "null" : "\"\"");
    }
  }

  /** A retry gets a new uuid from the server, unless the uuid is the event's identity. */
  private void uuid(Upload upload, int event) {
    Visit visit = upload.visit;
    if (visit.identity == IdentityKind.EVENT_ID) {
      out.raw("null");
      return;
    }
    int again = upload.retried && visit.identity != IdentityKind.UUID ? 1 : 0;
    Dice dice = Dice.of(visit.details, Purpose.EVENT, event, 1, again);
    out.raw("\"").uuid(dice.next(), dice.next()).raw("\"");
  }

  /** A restarted client may count differently, unless the number is part of the identity. */
  private long eventId(Upload upload, int event) {
    long counted = firstEventId(upload.visit, event);
    return upload.retried && upload.visit.identity != IdentityKind.EVENT_ID ? counted + 1 : counted;
  }

  private long firstEventId(Visit visit, int event) {
    return visit.number * 64 + event + 1;
  }

  private static String amplitudeType(EventType type) {
    return switch (type) {
      case SESSION_START, END -> '"' + type.title + '"';
      default -> "null";
    };
  }

  /** A retry may come after a login, and then has another user id for the same event. */
  private byte[] batchPart(Upload upload) {
    Person person = upload.visit.person;
    long uploadMicros = upload.uploadMicros;
    boolean loggedIn = upload.retried && upload.visit.details % 2 == 0;
    String userId =
        loggedIn ? "\"user-%06d@shop.example\"".formatted(person.rank()) : person.userId();
    batchOut.clear().raw(",\"client_upload_time\":").time(upload.clientUploadMicros());
    batchOut.key("server_received_time").time(upload.receivedMicros());
    batchOut.key("server_upload_time").time(uploadMicros);
    batchOut.key("processed_time").time(uploadMicros + 700_000 + uploadMicros % 1_300_000);
    batchOut.key("user_id").raw(userId);
    batchOut.key("amplitude_id").number(person.amplitudeId() + (loggedIn ? 1 : 0));
    return batchOut.toBytes();
  }
}
