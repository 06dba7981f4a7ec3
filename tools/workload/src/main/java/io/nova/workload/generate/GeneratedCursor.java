package io.nova.workload.generate;

import io.nova.workload.generate.Delivery.Kind;
import io.nova.workload.generate.Dice.Purpose;
import io.nova.workload.generate.EventWriter.Upload;
import io.nova.workload.input.LookAhead;
import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The messages of generated days, in the order of their arrival. Visits begin as the {@link
 * DayShape} says, so that the wanted number of messages is reached at the end of the last day.
 * Their uploads wait in a queue until they are due. The queue has the visits that go on, and a few
 * words for each upload to be sent again. For one thread.
 */
final class GeneratedCursor extends LookAhead<Message> implements MessageCursor {
  /**
   * Messages of one visit on average, with copies. Only the start of the first day depends on it.
   */
  private static final double MESSAGES_A_VISIT = 11.07;

  private static final int BAD_IN_A_MILLION = 1_000;

  private final GeneratorOptions options;
  private final DayShape shape;
  private final DeliveryPlan plan;
  private final EventWriter writer = new EventWriter();
  private final PriorityQueue<Delivery> queue = new PriorityQueue<>(Delivery.BY_TIME);
  private final ArrayDeque<Message> ready = new ArrayDeque<>();
  private final Map<Kind, Long> delivered = new EnumMap<>(Kind.class);
  private final int people;
  private long given;
  private long planned;
  private long visits;
  private double share;
  private int badRecords;

  GeneratedCursor(GeneratorOptions options) {
    this.options = options;
    this.shape = new DayShape(options.day(), options.days());
    this.plan = new DeliveryPlan(options, shape);
    this.people = (int) Math.max(20, Math.min(200_000, options.count() / 40));
  }

  @Override
  protected @Nullable Message read() {
    if (given == options.count()) {
      return null;
    }
    while (ready.isEmpty()) {
      advance();
    }
    given++;
    return ready.remove();
  }

  /** Messages by kind of delivery so far; bad records are not counted. */
  Map<Kind, Long> delivered() {
    return delivered;
  }

  private void advance() {
    Delivery next = queue.peek();
    boolean enough = planned >= options.count();
    if (next != null && (enough || next.dueMicros() <= shape.timeOf(share))) {
      queue.remove();
      deliver(next);
    } else {
      beginVisit();
    }
  }

  private void beginVisit() {
    Visit visit = new Visit(options.seed(), visits++, shape.timeOf(share), people);
    for (int batch = 0; batch < visit.batches(); batch++) {
      enqueue(plan.first(visit, batch), visit);
    }
    double visitsLeft = Math.max(1, (options.count() - planned) / MESSAGES_A_VISIT);
    share += (1 - share) / visitsLeft;
  }

  private void enqueue(Delivery delivery, Visit visit) {
    queue.add(delivery);
    planned += visit.endOf(delivery.batch()) - visit.firstOf(delivery.batch());
  }

  private void deliver(Delivery delivery) {
    Visit visit = visitOf(delivery);
    int first = visit.firstOf(delivery.batch());
    int end = visit.endOf(delivery.batch());
    Upload upload = new Upload(visit, delivery.uploadMicros(), delivery.retried());
    for (byte[] record : writer.write(upload, first, end)) {
      ready.add(new Message(record, delivery.partition(), delivery.uploadMicros()));
    }
    delivered.merge(delivery.kind(), (long) end - first, Long::sum);
    plan.following(delivery).ifPresent(again -> enqueue(again, visit));
    perhapsBad(delivery, upload, end - first);
  }

  private Visit visitOf(Delivery delivery) {
    Visit visit = delivery.visit();
    return visit == null
        ? new Visit(options.seed(), delivery.visitNumber(), delivery.visitStartMicros(), people)
        : visit;
  }

  private void perhapsBad(Delivery delivery, Upload upload, int messages) {
    Dice dice = Dice.of(options.seed(), Purpose.BAD_RECORD, delivery.order());
    if (delivery.kind() != Kind.FIRST || !dice.oftenInMillion(messages * BAD_IN_A_MILLION)) {
      return;
    }
    BadRecords.Kind kind = BadRecords.KINDS.get(badRecords++ % BadRecords.KINDS.size());
    boolean late = kind.reason().equals("too_late");
    if (late && given < options.count() / 2) {
      return;
    }
    byte[] good = writer.write(upload, Visit.SPARE_EVENT, Visit.SPARE_EVENT + 1).get(0);
    ready.add(new Message(kind.of(good), delivery.partition(), Message.UNKNOWN_TIME));
    planned++;
  }
}
