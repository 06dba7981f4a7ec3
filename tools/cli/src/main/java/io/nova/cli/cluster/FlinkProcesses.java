package io.nova.cli.cluster;

import io.nova.cli.cluster.ClusterOptions.Extra;
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

/** Flink's processes, started with the command lines that Flink's shell scripts would write. */
public final class FlinkProcesses {
  private static final String SQL_CLIENT = "org.apache.flink.table.client.SqlClient";
  private static final String RUNTIME = "org.apache.flink.runtime.";
  private static final Duration TOOL_TIMEOUT = Duration.ofMinutes(2);
  private static final Pattern RESULT = Pattern.compile("BASH_JAVA_UTILS_EXEC_RESULT:(.*)");
  private static final Pattern SPACES = Pattern.compile("\\s+");

  /** The commands of Flink's tool that computes memory. */
  private static final String OF_JOB_MANAGER = "GET_JM_RESOURCE_PARAMS";

  private static final String OF_TASK_MANAGER = "GET_TM_RESOURCE_PARAMS";

  /** The quick compiler only, for processes that plan, wait or end soon. */
  private static final String QUICK = "-XX:TieredStopAtLevel=1";

  /** The keys in config.yaml of JVM arguments, which only Flink's scripts read. */
  private static final String JOB_MANAGER_JVM = "env.java.opts.jobmanager";

  private static final String TASK_MANAGER_JVM = "env.java.opts.taskmanager";

  /**
   * A process on a busy machine has two minutes to open its port. Flink 2.3.0 passes {@code
   * pekko.startup-timeout} on under a name that Pekko does not read, so Pekko's 10 seconds stay.
   */
  private static final String STARTUP_TIMEOUT = "-Dpekko.remote.classic.startup-timeout=120s";

  /** The arguments that Flink's scripts read from env.java.opts.all. */
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
  private final Map<String, ChildProcess> memoryTools = new HashMap<>();
  private final Map<String, JvmMemory> memories = new HashMap<>();

  public FlinkProcesses(Distribution distribution, ClusterOptions options) {
    this.distribution = distribution;
    this.options = options;
  }

  /**
   * Writes config.yaml, the catalog and the first statements of every SQL session. Has Flink
   * compute the memory of its processes meanwhile.
   */
  void configure() {
    WorkFolder folder = options.folder();
    Path config = folder.conf().resolve("config.yaml");
    Template.fill(distribution.conf("config.yaml"), config, Template.values(options));
    if (options.has(Extra.PROMETHEUS)) {
      Template.append(distribution.conf("prometheus.yaml"), config, Template.values(options));
    }
    if (options.has(Extra.HIGH_AVAILABILITY)) {
      Template.append(
          distribution.conf("high-availability.yaml"), config, Template.values(options));
    }
    write(
        folder.dir().resolve("catalogs/nova.yaml"),
        "type: \"nova\"\nwarehouse: \"%s/warehouse\"\nkafka.bootstrap-servers: \"127.0.0.1:%d\"\nprocedures: \"all\"\n"
            .formatted(folder.uri(), options.ports().kafka()));
    write(folder.conf().resolve("init.sql"), SqlSession.OPENING);
    distribution.plugins().forEach(this::link);
    List.of(OF_JOB_MANAGER, OF_TASK_MANAGER)
        .forEach(command -> memoryTools.put(command, memoryTool(command)));
  }

  /** Ends the processes that compute memory, if they still run. */
  void endMemoryTools() {
    memoryTools.values().forEach(ChildProcess::kill);
  }

  /** Flink reads plugins in the working folder. */
  private void link(Path plugin) {
    Path link = options.folder().dir().resolve("plugins").resolve(plugin.getFileName());
    try {
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, plugin);
    } catch (IOException e) {
      throw new CommandException(
          "Plugin %s cannot be linked to %s: %s".formatted(plugin, link, e), e);
    }
  }

  /** Starts ZooKeeper, whose server is part of Flink's libraries; each number is used once. */
  ChildProcess startZooKeeper(int number) {
    Path properties = options.folder().conf().resolve("zookeeper.properties");
    Template.fill(distribution.conf("zookeeper.properties"), properties, Template.values(options));
    return start(
        number == 0 ? "zookeeper" : "zookeeper-" + number,
        List.of("-Xmx128m", "-XX:+UseSerialGC", QUICK, "-Dzookeeper.admin.enableServer=false"),
        "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain",
        List.of(properties.toString()));
  }

  /** Starts the JobManager; each number is used once, so that each has a log of its own. */
  ChildProcess startJobManager(int number) {
    JvmMemory memory = memories.computeIfAbsent(OF_JOB_MANAGER, this::memory);
    ArrayList<String> jvm = new ArrayList<>(memory.jvm());
    jvm.addAll(configured(JOB_MANAGER_JVM));
    ArrayList<String> arguments = new ArrayList<>(confDir());
    arguments.addAll(memory.dynamic());
    return start(
        nameOfJobManager(number),
        jvm,
        RUNTIME + "entrypoint.StandaloneSessionClusterEntrypoint",
        arguments);
  }

  static String nameOfJobManager(int number) {
    return number == 0 ? "jobmanager" : "jobmanager-" + number;
  }

  /** Starts a TaskManager; each number is used once. */
  ChildProcess startTaskManager(int number) {
    JvmMemory memory = memories.computeIfAbsent(OF_TASK_MANAGER, this::memory);
    ArrayList<String> jvm = new ArrayList<>(memory.jvm());
    jvm.addAll(configured(TASK_MANAGER_JVM));
    ArrayList<String> arguments = new ArrayList<>(confDir());
    arguments.addAll(memory.dynamic());
    return start(
        "taskmanager-" + number, jvm, RUNTIME + "taskexecutor.TaskManagerRunner", arguments);
  }

  /** The words of a key in config.yaml; none if the key is missing. */
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

  /** Starts a SQL gateway; each number is used once, so that each has a log of its own. */
  ChildProcess startGateway(int number) {
    return start(
        number == 0 ? "gateway" : "gateway-" + number,
        List.of("-Xmx" + options.memory().gateway(), "-XX:+UseSerialGC", QUICK),
        "org.apache.flink.table.gateway.SqlGateway",
        List.of());
  }

  /** Starts Flink's command line client. */
  ChildProcess startCli(String name, List<String> arguments) {
    List<String> jvm = List.of("-Xmx512m", "-XX:+UseSerialGC", QUICK);
    return start(name, jvm, "org.apache.flink.client.cli.CliFrontend", arguments);
  }

  /** Runs Flink's SQL client on this terminal, and returns its exit code. */
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

  /**
   * The memory of a process as Flink computes it: JVM arguments, and arguments of the main class.
   */
  private JvmMemory memory(String command) {
    ChildProcess tool = memoryTools.computeIfAbsent(command, this::memoryTool);
    if (!tool.endsWithin(TOOL_TIMEOUT) || tool.process().exitValue() != 0) {
      tool.kill();
      throw new CommandException(
          "Flink cannot divide the memory that it was given (see --taskmanager-memory and"
              + " --jobmanager-memory). Its output:\n"
              + tool.output());
    }
    List<String> results =
        RESULT.matcher(tool.output()).results().map(line -> line.group(1)).toList();
    if (results.size() != 2) {
      throw new CommandException(
          "Expected two lines of memory settings from Flink, found:\n" + tool.output());
    }
    return new JvmMemory(words(results.get(0)), words(results.get(1)));
  }

  private ChildProcess memoryTool(String command) {
    ArrayList<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(confDir());
    List<String> jvm = List.of("-Xmx128m", "-XX:+UseSerialGC", QUICK);
    return start("memory-" + command, jvm, RUNTIME + "util.bash.BashJavaUtils", arguments);
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
    return new JavaCommand(name, distribution.flinkClassPath(), withCommon(jvm), main, arguments);
  }

  /** The JVM arguments of one process, after those of every process of Flink. */
  static List<String> withCommon(List<String> jvm) {
    ArrayList<String> all = new ArrayList<>(OPENED);
    all.add(STARTUP_TIMEOUT);
    all.addAll(jvm);
    return all;
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new CommandException("%s cannot be written: %s".formatted(file, e), e);
    }
  }
}
