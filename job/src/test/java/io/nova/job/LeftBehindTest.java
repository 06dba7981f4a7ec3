package io.nova.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ReflectionUtils;
import org.junit.jupiter.api.Test;

/** The classes of a job leave the JVM with it, whose own Hadoop has met them. */
class LeftBehindTest {
  /**
   * Loads the job's classes anew, as a Flink of which they are no part does; all else is shared.
   */
  private static final class JobClassLoader extends URLClassLoader {
    private static final List<String> OWN = List.of("io.nova.", "org.apache.iceberg.");

    JobClassLoader() {
      super(classPath(), LeftBehindTest.class.getClassLoader());
    }

    private static URL[] classPath() {
      return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
          .map(JobClassLoader::url)
          .toArray(URL[]::new);
    }

    private static URL url(String path) {
      try {
        return Path.of(path).toUri().toURL();
      } catch (MalformedURLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded == null && OWN.stream().anyMatch(name::startsWith)) {
          return findClass(name);
        }
        return loaded != null ? loaded : super.loadClass(name, resolve);
      }
    }
  }

  private static WeakReference<ClassLoader> jobThatCameAndWent() throws Exception {
    try (JobClassLoader classes = new JobClassLoader()) {
      Class<? extends FileSystem> files =
          classes.loadClass("io.nova.table.PosixLocalFileSystem").asSubclass(FileSystem.class);
      useFromHadoop(files);
      Method end = classes.loadClass(LeftBehind.class.getName()).getDeclaredMethod("end");
      assertThat(end.getDeclaringClass()).isNotEqualTo(LeftBehind.class);
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
