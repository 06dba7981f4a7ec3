package io.nova.workload.send;

import io.nova.workload.send.SendReport.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Callback;

/** Collects the broker's answer to each message. Thread-safe: the producer's thread calls back. */
final class Acknowledgements {
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong sentBytes = new AtomicLong();
  private final List<Failure> failures = new ArrayList<>();
  private final List<Long> failedIndexes = new ArrayList<>();

  /** The callback for the message at {@code index}. */
  Callback of(long index, int sizeBytes) {
    return (metadata, error) -> {
      if (error == null) {
        sentBytes.addAndGet(sizeBytes);
        sent.incrementAndGet();
      } else {
        fail(index, sizeBytes, error);
      }
    };
  }

  private synchronized void fail(long index, int sizeBytes, Exception error) {
    failedIndexes.add(index);
    if (failures.size() < Sender.MAX_NAMED_FAILURES) {
      failures.add(new Failure(index, sizeBytes, reasonOf(error)));
    }
  }

  /** How many messages are acknowledged or have failed by now. */
  synchronized long settled() {
    return sent.get() + failedIndexes.size();
  }

  synchronized SendReport report(boolean complete, Duration elapsed) {
    failures.sort(Comparator.comparingLong(Failure::index));
    failedIndexes.sort(Comparator.naturalOrder());
    return new SendReport(
        sent.get(),
        sentBytes.get(),
        failedIndexes.size(),
        failures,
        failedIndexes,
        complete,
        elapsed);
  }

  private static String reasonOf(Exception error) {
    String name = error.getClass().getSimpleName();
    return error.getMessage() == null ? name : "%s: %s".formatted(name, error.getMessage());
  }
}
