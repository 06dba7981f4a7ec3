package io.nova.job;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ReflectionUtils;
import org.apache.iceberg.util.ThreadPools;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what libraries leave behind in a TaskManager when the last task of the job has gone: threads
 * of Iceberg and Hadoop, the hooks by which they wait for the end of the JVM, and what a Hadoop of
 * the cluster remembers of the job's classes for good. Each of them holds all classes of the job; a
 * TaskManager that lives on would run out of metaspace after some ten starts or restarts.
 *
 * <p>All are private fields. Those of Java are opened on Flink's own command lines; where one
 * cannot be reached, a warning says so.
 */
public final class ClassLoaderCleanup {
  private static final Logger LOG = LoggerFactory.getLogger(ClassLoaderCleanup.class);

  private ClassLoaderCleanup() {}

  /** To be called by every task that reaches Iceberg or Hadoop. */
  public static void endWith(RuntimeContext task) {
    task.registerUserCodeClassLoaderReleaseHookIfAbsent(
        "nova-left-behind", ClassLoaderCleanup::end);
  }

  private static void end() {
    ThreadPools.getWorkerPool().shutdownNow();
    ThreadPools.getDeleteWorkerPool().shutdownNow();
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("org.apache.hadoop.") && isOurs(thread))
        .forEach(Thread::interrupt);
    tryTo(ClassLoaderCleanup::removeHooks);
    tryTo(() -> removeClasses(FileSystem.class, "statisticsTable"));
    tryTo(() -> removeClasses(ReflectionUtils.class, "CONSTRUCTOR_CACHE"));
  }

  /** A step that reaches into private fields. */
  private interface Step {
    void run() throws ReflectiveOperationException;
  }

  private static void tryTo(Step step) {
    try {
      step.run();
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.warn(
          "The job's classes stay in this TaskManager: {}. Where it is about java.lang, start it"
              + " with --add-opens java.base/java.lang=ALL-UNNAMED, as Flink's scripts do.",
          e.toString());
    }
  }

  private static void removeHooks() throws ReflectiveOperationException {
    Class<?> owner = Class.forName("java.lang.ApplicationShutdownHooks");
    List<Thread> ours = new ArrayList<>();
    for (Object hook : map(owner, "hooks").keySet()) {
      if (hook instanceof Thread thread && (isOurs(thread) || isOurs(target(thread)))) {
        ours.add(thread);
      }
    }
    ours.forEach(Runtime.getRuntime()::removeShutdownHook);
  }

  /** What a thread runs that was not started; a hook need have nothing else of ours. */
  private static @Nullable Object target(Thread thread) throws ReflectiveOperationException {
    return field(Thread.class, "target").get(thread);
  }

  /** Takes our classes out of a map by class, which its owner guards by itself. */
  private static void removeClasses(Class<?> owner, String field)
      throws ReflectiveOperationException {
    Map<?, ?> classes = map(owner, field);
    synchronized (owner) {
      classes.keySet().removeIf(key -> key instanceof Class<?> type && isOurs(type));
    }
  }

  private static Map<?, ?> map(Class<?> owner, String name) throws ReflectiveOperationException {
    return (Map<?, ?>) field(owner, name).get(null);
  }

  private static Field field(Class<?> owner, String name) throws ReflectiveOperationException {
    Field field = owner.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  private static boolean isOurs(@Nullable Object object) {
    return object != null && isOurs(object.getClass());
  }

  private static boolean isOurs(Class<?> type) {
    return type.getClassLoader() == ClassLoaderCleanup.class.getClassLoader();
  }

  /** Whether a thread would keep this job's classes. */
  private static boolean isOurs(Thread thread) {
    if (isOurs(thread.getClass())) {
      return true;
    }
    ClassLoader context = thread.getContextClassLoader();
    try {
      return context != null
          && context.loadClass(ClassLoaderCleanup.class.getName()) == ClassLoaderCleanup.class;
    } catch (ClassNotFoundException | IllegalStateException notOurs) {
      return false;
    }
  }
}
