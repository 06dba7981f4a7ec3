package io.nova.cli.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The command line of a Java process. Its temporary files, log and console output are in the
 * working folder.
 *
 * @param name the name of the process, of its log and of the file with its console output
 * @param classPath its class path
 * @param jvmArguments arguments of the JVM, such as heap sizes
 * @param main its main class
 * @param arguments arguments of the main class
 */
public record JavaCommand(
    String name, String classPath, List<String> jvmArguments, String main, List<String> arguments) {
  /** Starts the process in the background. */
  public ChildProcess start(WorkFolder folder, Path log4j) {
    Path console = folder.logs().resolve(name + ".out");
    ProcessBuilder builder = builder(folder, log4j).directory(folder.dir().toFile());
    builder.redirectErrorStream(true).redirectOutput(console.toFile());
    Process process = start(builder);
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ChildProcess(name, process, log(folder), console);
  }

  /** Runs the process on this terminal until it ends, and returns its exit code. */
  public int runHere(WorkFolder folder, Path log4j) throws InterruptedException {
    return start(builder(folder, log4j).inheritIO()).waitFor();
  }

  private Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new CommandException("%s cannot be started: %s".formatted(name, e), e);
    }
  }

  private Path log(WorkFolder folder) {
    return folder.logs().resolve(name + ".log");
  }

  ProcessBuilder builder(WorkFolder folder, Path log4j) {
    ProcessBuilder builder = new ProcessBuilder(words(folder, log4j));
    Map<String, String> environment = builder.environment();
    environment.put("FLINK_CONF_DIR", folder.conf().toString());
    environment.put("FLINK_PLUGINS_DIR", folder.dir().resolve("plugins").toString());
    // File names of any letters need UTF-8; some libraries fail with Turkish letters.
    environment.put("LC_ALL", "C.UTF-8");
    // The settings of another Hadoop or Flink on this machine must not reach ours.
    List.of("HADOOP_HOME", "HADOOP_CONF_DIR", "HADOOP_CLASSPATH", "FLINK_PROPERTIES", "CLASSPATH")
        .forEach(environment::remove);
    return builder;
  }

  private List<String> words(WorkFolder folder, Path log4j) {
    ArrayList<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    words.addAll(jvmArguments);
    words.add("-XX:-UsePerfData");
    words.add("-Dfile.encoding=UTF-8");
    words.add("-Duser.language=en");
    words.add("-Duser.country=US");
    words.add("-Djava.io.tmpdir=" + folder.tmp());
    words.add("-Dlog.file=" + log(folder));
    words.add("-Dlog4j.configurationFile=" + log4j.toUri());
    words.add("-cp");
    words.add(classPath);
    words.add(main);
    words.addAll(arguments);
    return words;
  }
}
