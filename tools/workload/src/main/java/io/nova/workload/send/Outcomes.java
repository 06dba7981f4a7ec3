package io.nova.workload.send;

import io.nova.workload.send.SendReport.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Callback;

/** Collects what the broker said about each message. Thread-safe: the producer's thread answers. */
final class Outcomes {
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong sentBytes = new AtomicLong();
  private final List<Refusal> refusals = new ArrayList<>();
  private final List<Long> refusedIndexes = new ArrayList<>();

  /** The callback for the message at {@code index}. */
  Callback of(long index, int sizeBytes) {
    return (metadata, error) -> {
      if (error == null) {
        sentBytes.addAndGet(sizeBytes);
        sent.incrementAndGet();
      } else {
        refuse(index, sizeBytes, error);
      }
    };
  }

  private synchronized void refuse(long index, int sizeBytes, Exception error) {
    refusedIndexes.add(index);
    if (refusals.size() < Sender.MAX_NAMED_REFUSALS) {
      refusals.add(new Refusal(index, sizeBytes, reasonOf(error)));
    }
  }

  /** Messages that are acknowledged or refused by now. */
  synchronized long settled() {
    return sent.get() + refusedIndexes.size();
  }

  synchronized SendReport report(boolean complete, Duration elapsed) {
    refusals.sort(Comparator.comparingLong(Refusal::index));
    refusedIndexes.sort(Comparator.naturalOrder());
    return new SendReport(
        sent.get(),
        sentBytes.get(),
        refusedIndexes.size(),
        refusals,
        refusedIndexes,
        complete,
        elapsed);
  }

  private static String reasonOf(Exception error) {
    String name = error.getClass().getSimpleName();
    return error.getMessage() == null ? name : "%s: %s".formatted(name, error.getMessage());
  }
}
