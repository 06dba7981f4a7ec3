package io.nova.job;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.iceberg.util.ThreadPools;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what libraries leave running in a TaskManager when the last task of the job has gone:
 * threads of Iceberg and Hadoop, and the hooks by which they wait for the end of the JVM. Each of
 * them holds all classes of the job; a TaskManager of a session cluster would run out of metaspace
 * after some five stops and starts.
 *
 * <p>The hooks are found in a private field of Java's, which Flink opens on its own command lines.
 * Where it is not open they stay, and a warning says so.
 */
final class LeftBehind {
  private static final Logger LOG = LoggerFactory.getLogger(LeftBehind.class);

  private LeftBehind() {}

  /** To be called by every task that reaches Iceberg or Hadoop. */
  static void endWith(RuntimeContext task) {
    task.registerUserCodeClassLoaderReleaseHookIfAbsent("nova-left-behind", LeftBehind::end);
  }

  private static void end() {
    ThreadPools.getWorkerPool().shutdownNow();
    ThreadPools.getDeleteWorkerPool().shutdownNow();
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("org.apache.hadoop.") && isOurs(thread))
        .forEach(Thread::interrupt);
    removeHooks();
  }

  private static void removeHooks() {
    try {
      Field hooks = Class.forName("java.lang.ApplicationShutdownHooks").getDeclaredField("hooks");
      hooks.setAccessible(true);
      List<Thread> ours = new ArrayList<>();
      for (Object hook : ((Map<?, ?>) hooks.get(null)).keySet()) {
        if (hook instanceof Thread thread && isOurs(thread)) {
          ours.add(thread);
        }
      }
      ours.forEach(Runtime.getRuntime()::removeShutdownHook);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.warn(
          "The job's classes stay in this TaskManager: {}. Start it with --add-opens"
              + " java.base/java.lang=ALL-UNNAMED, as Flink's scripts do.",
          e.toString());
    }
  }

  /** Whether a thread would keep this job's classes. */
  private static boolean isOurs(Thread thread) {
    ClassLoader ours = LeftBehind.class.getClassLoader();
    if (thread.getClass().getClassLoader() == ours) {
      return true;
    }
    ClassLoader context = thread.getContextClassLoader();
    try {
      return context != null && context.loadClass(LeftBehind.class.getName()) == LeftBehind.class;
    } catch (ClassNotFoundException | IllegalStateException notOurs) {
      return false;
    }
  }
}
