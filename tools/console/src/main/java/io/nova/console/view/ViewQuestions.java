package io.nova.console.view;

import io.nova.console.ask.AskEngine;
import io.nova.console.ask.AskException;
import io.nova.console.ask.AskException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The questions of one picture. A store that does not answer one of them would let the others wait
 * too, so they fail at once with its reason. For one thread.
 */
final class ViewQuestions {
  private final AskEngine engine;
  private @Nullable AskException silence;

  ViewQuestions(AskEngine engine) {
    this.engine = engine;
  }

  AskedRows ask(String sql) throws AskException {
    AskException known = silence;
    if (known != null) {
      throw new AskException(known.kind(), String.valueOf(known.getMessage()));
    }
    try {
      return AskedRows.of(engine, sql);
    } catch (AskException e) {
      if (e.kind() != Kind.STATEMENT) {
        silence = e;
      }
      throw e;
    }
  }
}
