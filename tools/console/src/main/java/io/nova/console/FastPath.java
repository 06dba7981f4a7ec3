package io.nova.console;

import io.nova.console.ask.Answer;
import io.nova.console.ask.AskEngine;
import io.nova.console.ask.AskException;
import io.nova.console.ask.Question;
import io.nova.console.view.WatchedStore;

/** Opens the engine of the console. */
final class FastPath {
  private FastPath() {}

  static AskEngine open(WatchedStore store, String memory, int threads) {
    return new AskEngine() {
      @Override
      public Answer ask(Question question) throws AskException {
        throw new AskException(
            AskException.Kind.UNAVAILABLE,
            "The fast path of %s (%s, %d threads) is not part of this build."
                .formatted(store.folder().dir(), memory, threads));
      }

      @Override
      public void cancel(String id) {}

      @Override
      public void close() {}
    };
  }
}
