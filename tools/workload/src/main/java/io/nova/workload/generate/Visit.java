package io.nova.workload.generate;

import io.nova.workload.generate.Dice.Purpose;

/**
 * One visit of one person: its events in order, and their division into uploads (here: batches). It
 * is the same for the same seed, number and start, so a batch can be generated again hours later.
 */
final class Visit {
  static final int MAX_EVENTS = 60;

  /** The place of an event that is in no batch; bad records are made from it. */
  static final int SPARE_EVENT = MAX_EVENTS;

  private static final int MAX_BATCH = 12;
  private static final long FLUSH_MICROS = 30_000_000;
  private static final long DAY_MICROS = DayShape.DAY_MICROS;

  /** Which fields make the identity of the visit's events. */
  enum IdentityKind {
    INSERT_ID,
    FREE_TEXT_INSERT_ID,
    UUID,
    EVENT_ID
  }

  final long seed;
  final long number;
  final long startMicros;
  final Person person;
  final IdentityKind identity;

  /** How long the client was offline between the events and their upload: 0, or a day and more. */
  final long offlineMicros;

  /** The seed for the details of this visit. */
  final long details;

  private final EventType[] types = new EventType[MAX_EVENTS];
  private final long[] offsets = new long[MAX_EVENTS];
  private final int[] batchEnds = new int[MAX_EVENTS];
  private int events;
  private int batches;

  Visit(long seed, long number, long startMicros, int people) {
    this.seed = seed;
    this.number = number;
    this.startMicros = startMicros;
    Dice dice = Dice.of(seed, Purpose.VISIT, number);
    this.person = Person.of(seed, zipf(dice, people));
    this.identity = identityOf(dice.below(1000));
    this.offlineMicros = dice.below(100) < 5 ? dice.between(DAY_MICROS, 10 * DAY_MICROS) : 0;
    this.details = dice.next();
    walk(dice);
    cut();
  }

  int batches() {
    return batches;
  }

  int firstOf(int batch) {
    return batch == 0 ? 0 : batchEnds[batch - 1];
  }

  int endOf(int batch) {
    return batchEnds[batch];
  }

  /** The type of an event; {@link #SPARE_EVENT} is a page view. */
  EventType type(int event) {
    return event < events ? types[event] : EventType.PAGE;
  }

  /** When the event happened, in microseconds by a correct clock. */
  long happenedMicros(int event) {
    return startMicros + offsets[Math.min(event, events - 1)] - offlineMicros;
  }

  /** The upload time of a batch, by the server's clock. */
  long uploadMicros(int batch) {
    long lag = Dice.of(seed, Purpose.VISIT, number, batch).between(200_000, 2_500_000);
    return startMicros + offsets[batchEnds[batch] - 1] + lag;
  }

  private void walk(Dice dice) {
    EventType type = EventType.SESSION_START;
    long offset = 0L;
    while (true) {
      types[events] = type;
      offsets[events++] = offset;
      if (type == EventType.END || events == MAX_EVENTS) {
        return;
      }
      type = type.next(dice);
      // Pauses of a second to a minute, mostly short, in whole milliseconds as clients have them.
      double pause = dice.fraction();
      long millis = (long) (700 + pause * pause * pause * 60_000);
      offset += millis * 1_000;
    }
  }

  private void cut() {
    int first = 0;
    for (int event = 0; event < events; event++) {
      boolean last = event == events - 1;
      boolean full = event - first + 1 == MAX_BATCH;
      if (last || full || (online() && offsets[event + 1] - offsets[first] > FLUSH_MICROS)) {
        batchEnds[batches++] = event + 1;
        first = event + 1;
      }
    }
  }

  private boolean online() {
    return offlineMicros == 0;
  }

  private static IdentityKind identityOf(int thousandth) {
    if (thousandth < 10) {
      return IdentityKind.EVENT_ID;
    }
    if (thousandth < 25) {
      return IdentityKind.UUID;
    }
    return thousandth < 80 ? IdentityKind.FREE_TEXT_INSERT_ID : IdentityKind.INSERT_ID;
  }

  /** Rank r is about as frequent as 1 / (r + 20): Zipf's law with a flatter head. */
  private static int zipf(Dice dice, int people) {
    double cut = 20.0;
    double spread = StrictMath.log((people + cut) / cut);
    int rank = (int) (cut * StrictMath.exp(dice.fraction() * spread) - cut);
    return Math.min(rank, people - 1);
  }
}
