package io.nova.cli.cluster;

import io.nova.cli.cluster.ClusterOptions.Extra;
import io.nova.cli.process.Await;
import io.nova.cli.process.ChildProcess;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.ConsoleFile;
import io.nova.cli.process.JavaCommand;
import io.nova.cli.process.PrivateFile;
import io.nova.cli.sql.SqlGateway;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A broker and a Flink cluster as processes on 127.0.0.1: broker, JobManager, TaskManagers and SQL
 * gateway, each in its own JVM. Jobs are submitted and stopped with Flink's own command line. The
 * commands and the tests use the same class.
 *
 * <p>{@link #close} ends every process that was started, and so does the end of this JVM unless it
 * is killed. After a kill, {@code nova stop} finds the remaining processes in the folder's {@code
 * run.json}. A TaskManager or SQL gateway that dies is started again, and so is the console of
 * {@link ClusterOptions.Extra#CONSOLE}. With {@link ClusterOptions.Extra#HIGH_AVAILABILITY} there
 * is a ZooKeeper too, and it and a JobManager that dies are started again. All methods throw {@link
 * CommandException} with the reason. For one thread, except {@link #close}.
 */
public final class LocalCluster implements AutoCloseable {
  /** The topic that the job reads. */
  public static final String EVENTS = "events";

  /** The topic of the messages that the job rejects. */
  public static final String REJECTED = "rejected";

  /** The topic of the copies that the job drops. */
  public static final String DUPLICATES = "duplicates";

  /** The topic of the admitted events, if the job writes them to one. */
  public static final String ADMITTED = "admitted";

  /** The topic of requests to close or complete a batch, and of the answers. */
  public static final String BATCHES = "batches";

  private static final List<String> CONSOLE_JVM = List.of("-Xmx512m", "-XX:+UseSerialGC");

  private static final int FAILURE_LOOKS = 16;
  private static final long FAILURE_PAUSE_MILLIS = 500;

  private static final Duration TIMEOUT = Duration.ofMinutes(4);

  /** Ctrl-C ends the processes, too: by this time the end of this JVM has begun. */
  private static final long LOOK_TWICE_MILLIS = 500;

  private final ClusterOptions options;
  private final Distribution distribution;
  private final ClusterProcesses processes;
  private final FlinkProcesses flink;
  private final FlinkCli cli;
  private final FlinkRest rest;
  private final Restarts clusterRestarts = new Restarts(InstantSource.system());
  private final Restarts consoleRestarts = new Restarts(InstantSource.system());
  private final Consumer<String> progress;
  private int zooKeepersStarted;
  private int jobManagersStarted;
  private int taskManagersStarted;
  private int gatewaysStarted;
  private int consolesStarted;
  private boolean started;

  private LocalCluster(
      Distribution distribution,
      ClusterOptions options,
      FolderLock lock,
      Consumer<String> progress) {
    this.progress = progress;
    this.options = options;
    this.distribution = distribution;
    this.flink = new FlinkProcesses(distribution, options);
    this.cli = new FlinkCli(flink);
    FlinkRest jobManager = FlinkRest.onPort(options.ports().rest());
    this.rest = highlyAvailable() ? jobManager.patient(this::requireAlive) : jobManager;
    this.processes = new ClusterProcesses(options, warehouse(), lock);
  }

  /**
   * Starts everything and waits until it answers. When something fails, it ends all that it has
   * started.
   *
   * @param wanted a port of 0 is a free one
   * @param fresh whether the data of an earlier run in the folder is removed first
   * @param partitions partitions of the events topic, if it does not exist yet
   * @param progress receives each step in a few words, and later a line for each process that was
   *     started again
   */
  public static LocalCluster start(
      Distribution distribution,
      ClusterOptions wanted,
      boolean fresh,
      int partitions,
      Consumer<String> progress) {
    FolderLock lock = FolderLock.take(wanted.folder());
    try {
      ClusterOptions options = wanted.withPorts(wanted.ports().resolved());
      options.folder().prepare(fresh);
      LocalCluster cluster = new LocalCluster(distribution, options, lock, progress);
      cluster.startAll(partitions);
      return cluster;
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void startAll(int partitions) {
    try {
      processes.record(run -> run);
      flink.configure();
      progress.accept("broker");
      Broker broker = new Broker(distribution, options);
      ChildProcess brokerProcess = processes.add(broker::start);
      if (highlyAvailable()) {
        progress.accept("ZooKeeper");
        startZooKeeper();
      }
      progress.accept("JobManager");
      startJobManager();
      for (int i = 0; i < options.taskManagers(); i++) {
        progress.accept("TaskManager " + i);
        startTaskManager();
      }
      progress.accept("SQL gateway");
      processes.add(this::newGateway);
      if (options.has(Extra.CONSOLE)) {
        progress.accept("console");
        processes.add(this::newConsole);
      }
      progress.accept("waiting for the broker");
      broker.awaitTopics(
          brokerProcess,
          Map.of(EVENTS, partitions, REJECTED, 1, DUPLICATES, 1, ADMITTED, 1, BATCHES, 1));
      progress.accept("waiting for the TaskManagers");
      awaitTaskManagers(options.taskManagers());
      progress.accept("waiting for the SQL gateway");
      Await.until("The SQL gateway answers", TIMEOUT, this::requireAlive, sql()::answers);
      if (options.has(Extra.CONSOLE)) {
        progress.accept("waiting for the console");
        Await.until(
            "The console answers", TIMEOUT, this::requireAlive, () -> console().isPresent());
      }
      started = true;
    } catch (RuntimeException e) {
      flink.endMemoryTools();
      close();
      throw e;
    }
  }

  private boolean highlyAvailable() {
    return options.has(Extra.HIGH_AVAILABILITY);
  }

  private void startZooKeeper() {
    ChildProcess process = processes.add(this::newZooKeeper);
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), options.ports().zookeeper());
    Await.until(
        "ZooKeeper listens (its log is " + process.log() + ")",
        TIMEOUT,
        process::requireAlive,
        () -> Broker.listens(address));
  }

  private ChildProcess newZooKeeper() {
    return flink.startZooKeeper(zooKeepersStarted++);
  }

  /** Where the processes serve metrics, by their names; empty without Prometheus. */
  public Map<String, String> metrics() {
    return options.has(Extra.PROMETHEUS)
        ? RunFile.in(options.folder())
            .map(run -> MetricsEndpoints.of(options.folder(), run.alive()))
            .orElse(Map.of())
        : Map.of();
  }

  /** The console of this cluster; empty if there is none, or while it starts again. */
  public Optional<ConsoleFile> console() {
    return options.has(Extra.CONSOLE)
        ? ConsoleFile.running(options.folder())
        : Optional.<ConsoleFile>empty();
  }

  /** The broker's address. */
  public String bootstrapServers() {
    return "127.0.0.1:" + options.ports().kafka();
  }

  /** The warehouse as a URI. */
  public String warehouse() {
    return options.folder().uri() + "/warehouse";
  }

  /** The options of this cluster; no port is 0. */
  public ClusterOptions options() {
    return options;
  }

  /** Flink's REST interface. */
  public FlinkRest flink() {
    return rest;
  }

  /** The SQL gateway. */
  public SqlGateway sql() {
    return SqlGateway.onPort(options.ports().gateway());
  }

  /**
   * Submits Nova's job with {@code flink run -d}, with the addresses of broker and warehouse. The
   * options are in a file that only the user may read: command lines are no place for passwords.
   *
   * @param jobOptions more options of the job, such as {@code --nova.dedup.window}, {@code 20 min}
   * @param savepoint where the job resumes; empty for the beginning of the topic
   * @return the job's id
   */
  public String submit(List<String> jobOptions, Optional<String> savepoint, int parallelism) {
    Properties values = new Properties();
    values.put("nova.kafka.bootstrap-servers", bootstrapServers());
    values.put("nova.warehouse", warehouse());
    for (int i = 0; i + 1 < jobOptions.size(); i += 2) {
      values.put(jobOptions.get(i).substring("--".length()), jobOptions.get(i + 1));
    }
    Path file = options.folder().conf().resolve("job.properties");
    PrivateFile.write(file, out -> values.store(out, "The options of the job"));
    return submit(
        distribution.jobClassPath(),
        distribution.jobJar(),
        List.of("--config", file.toString()),
        savepoint,
        parallelism);
  }

  /** Submits any job with {@code flink run -d}, and returns its id. */
  public String submit(
      Path jar, List<String> arguments, Optional<String> savepoint, int parallelism) {
    return submit(List.of(), jar, arguments, savepoint, parallelism);
  }

  private String submit(
      List<Path> classPath,
      Path jar,
      List<String> arguments,
      Optional<String> savepoint,
      int parallelism) {
    ArrayList<String> words = new ArrayList<>(List.of("-p", Integer.toString(parallelism)));
    classPath.forEach(part -> words.addAll(List.of("-C", part.toUri().toString())));
    savepoint.ifPresent(path -> words.addAll(List.of("-s", path)));
    String job = cli.run(words, jar, arguments);
    processes.record(run -> run.withJob(job));
    return job;
  }

  /** Stores the user's options of the job, by name, for a run that resumes this one. */
  public void remember(Map<String, String> jobOptions) {
    processes.record(run -> run.withJobOptions(jobOptions));
  }

  /** Waits until every task of the job runs; throws with Flink's reason when the job ends. */
  public void awaitRunning(String job) {
    Await.until(
        "All tasks of job " + job + " run",
        TIMEOUT,
        () -> requireHealthy(job),
        () -> rest.allTasksRun(job));
  }

  /** Makes a savepoint with {@code flink savepoint}, and returns its path. The job goes on. */
  public String savepoint(String job) {
    return cli.savepoint(job, options.folder().savepoints().toString());
  }

  /** Ends the job with a savepoint in the working folder, and returns its path. */
  public String stop(String job, boolean drain, Runnable meanwhile) {
    return stop(job, options.folder().savepoints().toString(), drain, meanwhile);
  }

  /**
   * Ends the job with {@code flink stop}, and returns the path of its savepoint.
   *
   * @param savepoints where it goes: a folder, or a URI of a store that Flink's plugins can write
   * @param drain whether the sources end as at the end of a stream, so that every block is sealed
   * @param meanwhile called a few times a second
   */
  public String stop(String job, String savepoints, boolean drain, Runnable meanwhile) {
    String path =
        cli.stop(
            job,
            savepoints,
            drain,
            () -> {
              requireAlive();
              meanwhile.run();
            });
    Await.until(
        "Job " + job + " ends",
        TIMEOUT,
        this::requireAlive,
        () -> rest.job(job).map(FlinkRest.Job::ended).orElse(true));
    return path;
  }

  /** Marks this run as ended in the run file: nothing of it can be resumed. */
  public void markEnded() {
    processes.record(RunFile::asEnded);
  }

  /** Waits until at least {@code count} TaskManagers are registered. */
  public void awaitTaskManagers(int count) {
    Await.until(
        count + " TaskManagers register",
        TIMEOUT,
        this::requireAlive,
        () -> rest.taskManagers().filter(registered -> registered >= count).isPresent());
  }

  /** Starts one more TaskManager, and returns its number, from 0. */
  public int startTaskManager() {
    processes.add(this::newTaskManager);
    return taskManagersStarted - 1;
  }

  private ChildProcess newTaskManager() {
    return flink.startTaskManager(taskManagersStarted++);
  }

  private ChildProcess newGateway() {
    return flink.startGateway(gatewaysStarted++);
  }

  private ChildProcess newConsole() {
    int number = consolesStarted++;
    JavaCommand command =
        new JavaCommand(
            number == 0 ? "console" : "console-" + number,
            distribution.consoleClassPath(),
            CONSOLE_JVM,
            "io.nova.console.NovaConsole",
            List.of(
                "--dir",
                options.folder().dir().toString(),
                "--port",
                Integer.toString(options.ports().console())));
    return command.start(options.folder(), distribution.conf("log4j.properties"));
  }

  /** Kills a TaskManager as {@code kill -9} does, and forgets it. */
  public void killTaskManager(int number) {
    processes.kill("taskmanager-" + number);
  }

  /**
   * Kills the JobManager as {@code kill -9} does, and starts another one in its place. It knows no
   * job: jobs have to be submitted again, from their retained checkpoints.
   */
  public void replaceJobManager() {
    processes.kill(FlinkProcesses.nameOfJobManager(jobManagersStarted - 1));
    startJobManager();
  }

  private void startJobManager() {
    processes.add(this::newJobManager);
  }

  private ChildProcess newJobManager() {
    return flink.startJobManager(jobManagersStarted++);
  }

  /** The processes of broker and Flink that this cluster has started and not ended. */
  public List<ProcessHandle> processes() {
    return processes.handles();
  }

  /** The processes of the TaskManagers among {@link #processes}. */
  public List<ProcessHandle> taskManagers() {
    return processes.handles("taskmanager-");
  }

  /**
   * Starts a TaskManager or SQL gateway again that has ended by itself, as an operator would. The
   * job restores itself from its last checkpoint. With high availability the same holds for
   * JobManager and ZooKeeper.
   *
   * @throws CommandException when another process has ended, or when too many have; the message has
   *     the end of its log and says how to go on
   */
  public void requireAlive() {
    if (!processes.ended().isEmpty()) {
      Await.pause(LOOK_TWICE_MILLIS);
      processes.ended().forEach(this::startAgain);
    }
  }

  private void startAgain(ChildProcess ended) {
    if (isConsole(ended) && !consoleRestarts.mayRestart()) {
      processes.forget(ended);
      progress.accept(
          "%s%s%nThe console is not started again. The job goes on without it."
              .formatted(ended.end(), ended.endOfLog()));
      return;
    }
    Supplier<ChildProcess> start = successor(ended).orElseThrow(() -> failure(ended, ""));
    Restarts restarts = isConsole(ended) ? consoleRestarts : clusterRestarts;
    if (!restarts.mayRestart()) {
      throw failure(
          ended,
          "\nIt is not started again: %d processes were, within %d minutes."
              .formatted(Restarts.AT_MOST, Restarts.WITHIN.toMinutes()));
    }
    restarts.note();
    ChildProcess successor = processes.replace(ended, start);
    progress.accept(
        "%s. Started %s (pid %d) in its place."
            .formatted(ended.end(), successor.name(), successor.process().pid()));
  }

  private static boolean isConsole(ChildProcess process) {
    return kind(process).equals("console");
  }

  private static String kind(ChildProcess process) {
    return process.name().replaceFirst("-\\d+$", "");
  }

  /** The start of a process like this; empty if its end ends the run. */
  private Optional<Supplier<ChildProcess>> successor(ChildProcess ended) {
    if (!started) {
      return Optional.empty();
    }
    return switch (kind(ended)) {
      case "taskmanager" -> Optional.of(this::newTaskManager);
      case "gateway" -> Optional.of(this::newGateway);
      case "console" -> Optional.of(this::newConsole);
      case "jobmanager" -> highlyAvailable() ? Optional.of(this::newJobManager) : Optional.empty();
      case "zookeeper" -> Optional.of(this::newZooKeeper);
      default -> Optional.empty();
    };
  }

  private CommandException failure(ChildProcess ended, String more) {
    return new CommandException(ended.end() + ended.endOfLog() + more + (started ? wayOn() : ""));
  }

  private String wayOn() {
    return options.folder().newestSavepoint().isPresent()
        ? "\nThe last checkpoint is kept. Go on from it with `nova local --resume --dir %s` and this run's other options."
            .formatted(options.folder().dir())
        : "\nThere is no checkpoint yet: start again without --resume.";
  }

  /** When a process was last started again. */
  public Optional<Instant> lastRestart() {
    return clusterRestarts.last();
  }

  /** Throws when a process or the job has ended, with Flink's reason. */
  public void requireHealthy(String job) {
    requireAlive();
    rest.job(job).filter(FlinkRest.Job::ended).ifPresent(this::failBecauseOf);
  }

  private void failBecauseOf(FlinkRest.Job job) {
    throw new CommandException(
        "Job %s is %s. %s".formatted(job.id(), job.state(), lastFailure(job.id())));
  }

  /** Flink may show a failure some seconds after it shows that the job has ended. */
  private String lastFailure(String job) {
    Optional<String> failure = rest.lastFailure(job);
    for (int look = 0; failure.isEmpty() && look < FAILURE_LOOKS; look++) {
      Await.pause(FAILURE_PAUSE_MILLIS);
      failure = rest.lastFailure(job);
    }
    return failure.orElse("Flink shows no reason; look at the JobManager's log.");
  }

  /** Ends all processes. A second call does nothing. */
  @Override
  public void close() {
    processes.close();
  }
}
