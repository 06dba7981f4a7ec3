package io.nova.judge;

import io.nova.judge.record.Content;
import io.nova.judge.record.Digest;
import io.nova.judge.record.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the judge keeps of each row of the table, 64 bytes. For one thread. */
final class AdmittedRows {
  static final int IDENTITY = 0;
  static final int PAYLOAD = 2;
  static final int BLOCK = 4;
  static final int SHARD = 5;

  /** The index in the upper half, and the place in {@link #places} below. */
  private static final int PLACE = 6;

  private static final int OFFSET = 7;

  private final long blockMicros;
  private final long batchMicros;
  private final Positions positions;
  private final Findings findings;
  private final Digest digest = new Digest();
  private final LongRows rows = new LongRows(8);
  private final List<String> places = new ArrayList<>();
  private int unidentified;

  AdmittedRows(long blockMicros, long batchMicros, Positions positions, Findings findings) {
    this.blockMicros = blockMicros;
    this.batchMicros = batchMicros;
    this.positions = positions;
    this.findings = findings;
  }

  LongRows rows() {
    return rows;
  }

  int size() {
    return rows.size();
  }

  /** Checks a row and keeps it. A row without identity or upload time is extra. */
  void add(StoredRow row) {
    check(row);
    Content content = row.content();
    Optional<Digest.Words> identity = content.identity(digest);
    Optional<Long> upload = content.uploadMicros();
    if (identity.isEmpty() || upload.isEmpty()) {
      findings.add(Findings.EXTRA, "row " + row.position() + " without identity or upload time");
      unidentified++;
      return;
    }
    Digest.Words payload = content.payload(digest);
    rows.add(
        identity.get().high(),
        identity.get().low(),
        payload.high(),
        payload.low(),
        Math.floorDiv(upload.get(), blockMicros),
        row.shard(),
        (long) row.index() << Integer.SIZE | placeOf(row),
        row.offset());
  }

  /** The number of rows without identity or upload time. */
  int unidentified() {
    return unidentified;
  }

  /** The Kafka position of a row's message. */
  String position(int row) {
    long packed = rows.get(row, PLACE);
    String place = places.get((int) packed);
    return place.startsWith("/")
        ? "of the batch layer"
        : "%s@%d.%d".formatted(place, rows.get(row, OFFSET), packed >> Integer.SIZE);
  }

  private void check(StoredRow row) {
    if (row.isPlaced() && !positions.add(row.topic(), row.partition(), row.offset(), row.index())) {
      findings.add("position admitted twice", "row " + row.position());
    }
    if (!row.readable()) {
      findings.add("extra is no JSON object", "row " + row.position());
    }
    Optional<String> user = row.content().user();
    if (!user.equals(Optional.ofNullable(row.user()))) {
      findings.add(
          "wrong user",
          "row %s: %s, expected %s".formatted(row.position(), row.user(), user.orElse(null)));
    }
    Optional<Long> upload = row.content().uploadMicros();
    if (upload.isPresent() && row.batchNumber() != Math.floorDiv(upload.get(), batchMicros)) {
      findings.add(
          "wrong batch number",
          "row %s: batch %d, uploaded %s"
              .formatted(row.position(), row.batchNumber(), Times.text(upload.get())));
    }
  }

  private int placeOf(StoredRow row) {
    String place = row.topic() + "/" + row.partition();
    int known = places.indexOf(place);
    if (known < 0) {
      places.add(place);
      return places.size() - 1;
    }
    return known;
  }
}
