package io.nova.console.server;

/** Answers requests to one path. Thread-safe. */
@FunctionalInterface
public interface Route {
  /**
   * Answers a request that has passed the checks of token, host and origin.
   *
   * @throws Exception if there is no answer; the server then answers 500 and logs it
   */
  Reply handle(Request request) throws Exception;
}
