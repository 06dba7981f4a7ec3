package io.nova.console.ask;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that run statements in DuckDB. Its planner recurses on the native stack, and one that is
 * too small ends the process without a message. Java's default of 1 MB is too small.
 */
public final class QueryThreads {
  /** Only touched pages take memory. */
  private static final long STACK_BYTES = 64L << 20;

  private QueryThreads() {}

  /**
   * A pool that has all of its threads. They start at once: a thread that gets no memory later
   * would leave its task undone.
   */
  public static ExecutorService pool(int threads, String name) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
    int unused = pool.prestartAllCoreThreads();
    return pool;
  }

  /** Makes daemon threads of this name. */
  public static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(null, task, name, STACK_BYTES);
      thread.setDaemon(true);
      return thread;
    };
  }
}
