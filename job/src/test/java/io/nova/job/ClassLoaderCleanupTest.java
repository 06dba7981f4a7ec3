package io.nova.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.fixtures.Waiting;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ReflectionUtils;
import org.junit.jupiter.api.Test;

/** A JVM unloads the classes of an ended job, also those that its own Hadoop has used. */
class ClassLoaderCleanupTest {
  private static WeakReference<ClassLoader> classesOfAnEndedJob() throws Exception {
    try (JobClassLoader classes = new JobClassLoader()) {
      Class<? extends FileSystem> files =
          classes
              .loadClass("io.nova.iceberg.localdisk.PosixLocalFileSystem")
              .asSubclass(FileSystem.class);
      useFromHadoop(files);
      Method end = classes.loadClass(ClassLoaderCleanup.class.getName()).getDeclaredMethod("end");
      assertThat(end.getDeclaringClass()).isNotEqualTo(ClassLoaderCleanup.class);
      end.setAccessible(true);
      end.invoke(null);
      return new WeakReference<>(classes);
    }
  }

  /** Uses the class as Hadoop does when it opens a path. */
  @SuppressWarnings("deprecation")
  private static void useFromHadoop(Class<? extends FileSystem> files) throws Exception {
    ReflectionUtils.newInstance(files, new Configuration(false)).close();
    assertThat(FileSystem.getStatistics("file", files).getScheme()).isEqualTo("file");
  }

  @Test
  void classesOfAJobThatHasEndedAreUnloaded() throws Exception {
    WeakReference<ClassLoader> classes = classesOfAnEndedJob();

    Waiting.until(
        () -> {
          System.gc();
          return classes.get() == null;
        });
  }
}
