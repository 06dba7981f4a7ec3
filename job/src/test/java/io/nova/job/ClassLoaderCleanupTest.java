package io.nova.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.fixtures.Waiting;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ReflectionUtils;
import org.junit.jupiter.api.Test;

/** The classes of a job leave the JVM with it, whose own Hadoop has met them. */
class ClassLoaderCleanupTest {
  private static WeakReference<ClassLoader> jobThatCameAndWent() throws Exception {
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

  /** As it does where a path is opened. */
  @SuppressWarnings("deprecation")
  private static void useFromHadoop(Class<? extends FileSystem> files) throws Exception {
    ReflectionUtils.newInstance(files, new Configuration(false)).close();
    assertThat(FileSystem.getStatistics("file", files).getScheme()).isEqualTo("file");
  }

  @Test
  void classesOfAJobThatHasEndedAreUnloaded() throws Exception {
    WeakReference<ClassLoader> classes = jobThatCameAndWent();

    Waiting.until(
        () -> {
          System.gc();
          return classes.get() == null;
        });
  }
}
