package io.nova.workload.generate;

import io.nova.workload.generate.Delivery.Kind;
import io.nova.workload.generate.Dice.Purpose;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Decides when and where an upload arrives, and whether it arrives again. For one thread. */
final class DeliveryPlan {
  private static final long MINUTE = TimeUnit.MINUTES.toMicros(1);

  /** A client that got no answer retries within this time. */
  private static final long RETRY_MICROS = 9 * MINUTE;

  private final GeneratorOptions options;
  private final DayShape shape;
  private long order;

  DeliveryPlan(GeneratorOptions options, DayShape shape) {
    this.options = options;
    this.shape = shape;
  }

  /** The first arrival of a visit's upload: seconds after its upload time, rarely minutes. */
  Delivery first(Visit visit, int batch) {
    Dice dice = dice(visit.number, batch, Kind.FIRST, 0);
    long upload = Math.min(visit.uploadMicros(batch), shape.lastMicros());
    return new Delivery(
        upload + jitter(dice),
        order++,
        Kind.FIRST,
        visit.number,
        visit.startMicros,
        batch,
        upload,
        false,
        Math.floorMod(visit.person.traits(), options.partitions()),
        visit);
  }

  /**
   * The next delivery of the same upload: one upload in ten is sent again. Shortly before a
   * midnight between two days it is every second one. A copy that is not a retry is not sent a
   * third time. Nothing follows after the end of the last day.
   */
  Optional<Delivery> following(Delivery delivery) {
    if (delivery.kind() != Kind.FIRST && !delivery.retried()) {
      return Optional.empty();
    }
    Dice dice = dice(delivery.visitNumber(), delivery.batch(), delivery.kind(), 1);
    int draw = dice.below(1_000);
    Delivery next;
    if (draw < 20) {
      next = resent(delivery, dice, Kind.RESENT_AFTER_MINUTES, dice.between(1, 9));
    } else if (draw < 40) {
      next = resent(delivery, dice, Kind.RESENT_AFTER_12_MINUTES, 12);
    } else if (draw < 60) {
      next = resent(delivery, dice, Kind.RESENT_AFTER_1_HOUR, 60);
    } else if (draw < 80) {
      next = resent(delivery, dice, Kind.RESENT_AFTER_6_HOURS, 360);
    } else if (draw < 100) {
      next = retried(delivery, dice, Kind.RETRIED_BY_CLIENT, dice.between(MINUTE, RETRY_MICROS));
    } else if (draw < 102) {
      next = retried(delivery, dice, Kind.RETRIED_TOO_LATE, dice.between(25 * MINUTE, 50 * MINUTE));
    } else if (draw < 500 && shape.untilMidnight(delivery.uploadMicros()) < RETRY_MICROS) {
      long midnight = shape.untilMidnight(delivery.uploadMicros());
      next = retried(delivery, dice, Kind.RETRIED_BY_CLIENT, dice.between(midnight, RETRY_MICROS));
    } else {
      return Optional.empty();
    }
    boolean inTime =
        next.dueMicros() <= shape.lastMicros() && next.uploadMicros() <= shape.lastMicros();
    return inTime && (delivery.kind() == Kind.FIRST || !next.retried())
        ? Optional.of(next)
        : Optional.empty();
  }

  /** The same bytes on another partition, {@code minutes} of upload time later. */
  private Delivery resent(Delivery delivery, Dice dice, Kind kind, long minutes) {
    long due = delivery.uploadMicros() + minutes * MINUTE + jitter(dice);
    return again(delivery, dice, kind, due, delivery.uploadMicros(), delivery.retried());
  }

  /** The same events with a later upload time. */
  private Delivery retried(Delivery delivery, Dice dice, Kind kind, long laterMicros) {
    long upload = delivery.uploadMicros() + laterMicros;
    return again(delivery, dice, kind, upload + jitter(dice), upload, true);
  }

  private Delivery again(
      Delivery delivery, Dice dice, Kind kind, long due, long upload, boolean retried) {
    int others = Math.max(1, options.partitions() - 1);
    return new Delivery(
        due,
        order++,
        kind,
        delivery.visitNumber(),
        delivery.visitStartMicros(),
        delivery.batch(),
        upload,
        retried,
        (delivery.partition() + 1 + dice.below(others)) % options.partitions(),
        null);
  }

  private static long jitter(Dice dice) {
    int draw = dice.below(100);
    if (draw == 0) {
      return dice.between(0, 4 * MINUTE);
    }
    return draw < 10 ? dice.between(0, MINUTE) : dice.between(0, MINUTE / 20);
  }

  private Dice dice(long visit, int batch, Kind kind, int question) {
    return Dice.of(options.seed(), Purpose.DELIVERY, visit, batch, kind.code, question);
  }
}
