package io.nova.judge;

import java.util.function.Consumer;

/** What is on a rejected topic. */
@FunctionalInterface
public interface RejectedRecords {
  /** Hands over every record there is now, in any order; one may come more than once. */
  void forEach(Consumer<RejectedRecord> consumer);
}
