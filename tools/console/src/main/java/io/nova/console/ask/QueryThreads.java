package io.nova.console.ask;

import java.util.concurrent.ThreadFactory;

/**
 * Threads that run statements in DuckDB. Its planner recurses on the native stack, and one that is
 * too small ends the process without a message. Java's default of 1 MB is too small.
 */
public final class QueryThreads {
  /** Only touched pages take memory. */
  private static final long STACK_BYTES = 64L << 20;

  private QueryThreads() {}

  /** Makes daemon threads of this name. */
  public static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(null, task, name, STACK_BYTES);
      thread.setDaemon(true);
      return thread;
    };
  }
}
