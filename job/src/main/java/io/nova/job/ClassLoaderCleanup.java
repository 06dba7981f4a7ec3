package io.nova.job;

import io.nova.iceberg.TableCatalog;
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
 * Removes references to the job's classes from a TaskManager's JVM when the last task of the job
 * there has ended.
 *
 * <p>Libraries leave four kinds: connections of catalogs, threads of Iceberg and Hadoop, their
 * shutdown hooks, and entries in static maps of the cluster's own Hadoop. Each reference keeps all
 * classes of the job loaded. A TaskManager that stays would run out of metaspace after about ten
 * starts or restarts of the job.
 *
 * <p>The hooks and maps are private fields, read by reflection. Flink's scripts open those of
 * {@code java.lang} on the command line. If a field cannot be read, a warning says so, and the
 * classes stay loaded.
 */
public final class ClassLoaderCleanup {
  private static final Logger LOG = LoggerFactory.getLogger(ClassLoaderCleanup.class);

  private ClassLoaderCleanup() {}

  /** Registers the cleanup. Every task that uses Iceberg or Hadoop calls this. */
  public static void endWith(RuntimeContext task) {
    task.registerUserCodeClassLoaderReleaseHookIfAbsent(
        "nova-class-loader-cleanup", ClassLoaderCleanup::end);
  }

  private static void end() {
    TableCatalog.closeAll();
    ThreadPools.getWorkerPool().shutdownNow();
    ThreadPools.getDeleteWorkerPool().shutdownNow();
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("org.apache.hadoop.") && isOurs(thread))
        .forEach(Thread::interrupt);
    tryTo(ClassLoaderCleanup::removeHooks);
    tryTo(() -> removeClasses(FileSystem.class, "statisticsTable"));
    tryTo(() -> removeClasses(ReflectionUtils.class, "CONSTRUCTOR_CACHE"));
  }

  /** A step that reads private fields. */
  private interface Step {
    void run() throws ReflectiveOperationException;
  }

  private static void tryTo(Step step) {
    try {
      step.run();
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.warn(
          "The job's classes stay loaded in this TaskManager, which costs metaspace: {}. If the"
              + " error is about java.lang, start it with"
              + " --add-opens java.base/java.lang=ALL-UNNAMED, as Flink's scripts do.",
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

  /** The task of a thread that was not started. It may be the only object of ours in a hook. */
  private static @Nullable Object target(Thread thread) throws ReflectiveOperationException {
    return field(Thread.class, "target").get(thread);
  }

  /** Removes our classes from a static map. The owner of the map locks itself. */
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

  /** Whether a thread keeps this job's classes loaded. */
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
