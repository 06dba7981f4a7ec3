package io.nova.console.view;

import io.nova.console.ask.AskEngine;
import io.nova.console.ask.AskException;
import io.nova.console.ask.AskException.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The questions of one picture. They are live ones, until one has no answer. It and the later ones
 * are then asked of the newest snapshot, until that has no answer either. So a picture waits for
 * each of the two only once. For one thread.
 */
final class ViewQuestions {
  private final AskEngine engine;
  private @Nullable AskException silence;
  private @Nullable AskException away;

  ViewQuestions(AskEngine engine) {
    this.engine = engine;
  }

  AskedRows ask(String sql) throws AskException {
    if (silence == null) {
      try {
        return AskedRows.of(engine, sql, true);
      } catch (AskException e) {
        silence = unlessOfStatement(e);
      }
    }
    AskException known = away;
    if (known != null) {
      throw new AskException(known.kind(), String.valueOf(known.getMessage()));
    }
    try {
      return AskedRows.of(engine, sql, false);
    } catch (AskException e) {
      away = unlessOfStatement(e);
      throw e;
    }
  }

  private static AskException unlessOfStatement(AskException e) throws AskException {
    if (e.kind() == Kind.STATEMENT) {
      throw e;
    }
    return e;
  }

  /** Adds how the live questions went. */
  void addTo(List<Source> sources) {
    sources.add(new Source("live views", silence == null ? null : silence.getMessage()));
  }
}
