package io.nova.cli.cluster;

import io.nova.cli.process.ChildProcess;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.JavaCommand;
import io.nova.cli.process.WorkFolder;
import io.nova.cli.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Command lines of Flink's own processes, as its shell scripts would write them. */
public final class FlinkProcesses {
  private static final String SQL_CLIENT = "org.apache.flink.table.client.SqlClient";
  private static final String RUNTIME = "org.apache.flink.runtime.";
  private static final Duration TOOL = Duration.ofMinutes(2);
  private static final Pattern RESULT = Pattern.compile("BASH_JAVA_UTILS_EXEC_RESULT:(.*)");
  private static final Pattern SPACES = Pattern.compile("\\s+");

  /** Compiles fast rather than well: for processes that plan, wait or end soon. */
  private static final String QUICK = "-XX:TieredStopAtLevel=1";

  /** Where Flink's scripts look for what they give to a TaskManager's JVM. */
  private static final String TASK_MANAGER_JVM = "env.java.opts.taskmanager";

  /** What Flink's scripts read from env.java.opts.all. */
  private static final List<String> OPENED =
      List.of(
          "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED",
          "--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.net=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.text=ALL-UNNAMED",
          "--add-opens=java.base/java.time=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED");

  private final Distribution distribution;
  private final ClusterOptions options;
  private final Map<String, JvmMemory> memories = new HashMap<>();

  public FlinkProcesses(Distribution distribution, ClusterOptions options) {
    this.distribution = distribution;
    this.options = options;
  }

  /** Writes config.yaml, the catalog and what a SQL session begins with. */
  void configure() {
    WorkFolder folder = options.folder();
    Template.fill(
        distribution.conf("config.yaml"),
        folder.conf().resolve("config.yaml"),
        Template.values(options));
    write(
        folder.dir().resolve("catalogs/nova.yaml"),
        "type: \"nova\"\nwarehouse: \"%s/warehouse\"\nkafka.bootstrap-servers: \"127.0.0.1:%d\"\n"
            .formatted(folder.uri(), options.ports().kafka()));
    write(folder.conf().resolve("init.sql"), SqlSession.OPENING);
  }

  ChildProcess startJobManager() {
    JvmMemory memory = memories.computeIfAbsent("GET_JM_RESOURCE_PARAMS", this::memory);
    ArrayList<String> arguments = new ArrayList<>(confDir());
    arguments.addAll(memory.dynamic());
    return start(
        "jobmanager",
        memory.jvm(),
        RUNTIME + "entrypoint.StandaloneSessionClusterEntrypoint",
        arguments);
  }

  /** Starts the TaskManager with this number; numbers are not used twice. */
  ChildProcess startTaskManager(int number) {
    JvmMemory memory = memories.computeIfAbsent("GET_TM_RESOURCE_PARAMS", this::memory);
    ArrayList<String> jvm = new ArrayList<>(memory.jvm());
    jvm.addAll(configured(TASK_MANAGER_JVM));
    ArrayList<String> arguments = new ArrayList<>(confDir());
    arguments.addAll(memory.dynamic());
    return start(
        "taskmanager-" + number, jvm, RUNTIME + "taskexecutor.TaskManagerRunner", arguments);
  }

  /** The words behind a key of config.yaml; none where it is not there. */
  private List<String> configured(String key) {
    Path file = options.folder().conf().resolve("config.yaml");
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key + ":"))
          .flatMap(line -> words(line.substring(key.length() + 1)).stream())
          .toList();
    } catch (IOException e) {
      throw new CommandException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  ChildProcess startGateway() {
    return start(
        "gateway",
        List.of("-Xmx" + options.memory().gateway(), "-XX:+UseSerialGC", QUICK),
        "org.apache.flink.table.gateway.SqlGateway",
        List.of());
  }

  /** Starts Flink's command line client. */
  ChildProcess startCli(String name, List<String> arguments) {
    List<String> jvm = List.of("-Xmx512m", "-XX:+UseSerialGC", QUICK);
    return start(name, jvm, "org.apache.flink.client.cli.CliFrontend", arguments);
  }

  /** Runs Flink's SQL client on this terminal, against the gateway of the running cluster. */
  public int runSqlClient() throws InterruptedException {
    WorkFolder folder = options.folder();
    List<String> arguments =
        List.of(
            "gateway",
            "--endpoint",
            "127.0.0.1:" + options.ports().gateway(),
            "-i",
            folder.conf().resolve("init.sql").toString(),
            "-hist",
            folder.dir().resolve("sql-history").toString());
    return command("sql-client", List.of("-Xmx256m"), SQL_CLIENT, arguments)
        .runHere(folder, distribution.conf("log4j.properties"));
  }

  private record JvmMemory(List<String> jvm, List<String> dynamic) {}

  /** Flink computes its own memory: heap sizes for the JVM, and what it wants to be told again. */
  private JvmMemory memory(String command) {
    String name = "memory-" + command;
    ArrayList<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(confDir());
    List<String> jvm = List.of("-Xmx128m", "-XX:+UseSerialGC", QUICK);
    ChildProcess tool = start(name, jvm, RUNTIME + "util.bash.BashJavaUtils", arguments);
    if (!tool.endsWithin(TOOL) || tool.process().exitValue() != 0) {
      tool.kill();
      throw new CommandException(
          "Flink cannot divide the memory it was given (see --taskmanager-memory and"
              + " --jobmanager-memory). It said:\n"
              + tool.output());
    }
    List<String> results =
        RESULT.matcher(tool.output()).results().map(line -> line.group(1)).toList();
    if (results.size() != 2) {
      throw new CommandException(
          "Expected two lines of memory settings from Flink:\n" + tool.output());
    }
    return new JvmMemory(words(results.get(0)), words(results.get(1)));
  }

  private static List<String> words(String line) {
    return SPACES.splitAsStream(line).filter(word -> !word.isBlank()).toList();
  }

  private List<String> confDir() {
    return List.of("--configDir", options.folder().conf().toString());
  }

  private ChildProcess start(String name, List<String> jvm, String main, List<String> arguments) {
    return command(name, jvm, main, arguments)
        .start(options.folder(), distribution.conf("log4j.properties"));
  }

  private JavaCommand command(String name, List<String> jvm, String main, List<String> arguments) {
    ArrayList<String> all = new ArrayList<>(OPENED);
    all.addAll(jvm);
    return new JavaCommand(name, distribution.flinkClassPath(), all, main, arguments);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new CommandException("%s cannot be written: %s".formatted(file, e), e);
    }
  }
}
