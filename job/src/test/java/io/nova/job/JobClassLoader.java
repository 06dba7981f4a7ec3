package io.nova.job;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Loads the job's classes again, as Flink does for a submitted job. Other classes are shared. */
final class JobClassLoader extends URLClassLoader {
  private static final List<String> OWN =
      List.of("io.nova.", "org.apache.iceberg.", "org.apache.avro.");

  JobClassLoader() {
    super(classPath(), JobClassLoader.class.getClassLoader());
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
