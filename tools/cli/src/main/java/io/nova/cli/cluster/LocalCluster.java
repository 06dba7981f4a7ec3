package io.nova.cli.cluster;

import io.nova.cli.CommandException;
import io.nova.cli.JobOptions;
import io.nova.cli.sql.SqlGateway;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A broker and a Flink cluster as processes on 127.0.0.1: broker, JobManager, TaskManagers and SQL
 * gateway, each a JVM of its own, and Flink's own command line to submit and stop the job. The
 * commands and the tests use the same class.
 *
 * <p>{@link #close} ends every process that was started, and so does the end of this JVM unless it
 * is killed; {@code run.json} in the folder then tells {@code nova stop} what is left. All methods
 * throw {@link CommandException} with the reason; for one thread, but {@link #close} may come from
 * any.
 */
public final class LocalCluster implements AutoCloseable {
  /** The topic that the job reads. */
  public static final String EVENTS = "events";

  /** The topic of what the job refuses. */
  public static final String REJECTED = "rejected";

  /** The topic of the copies that the job drops. */
  public static final String DUPLICATES = "duplicates";

  /** The name of the job. */
  public static final String JOB_NAME = "nova";

  private static final Duration START = Duration.ofMinutes(4);
  private static final Duration END = Duration.ofSeconds(8);

  private final ClusterOptions options;
  private final Distribution distribution;
  private final FlinkProcesses flink;
  private final FlinkCli cli;
  private final FlinkRest rest;
  private final FolderLock lock;
  private final Map<String, ChildProcess> children =
      Collections.synchronizedMap(new LinkedHashMap<>());
  private final Thread atExit = new Thread(this::endAll, "nova-at-exit");
  private RunFile run;
  private int taskManagersStarted;
  private volatile boolean closing;

  private LocalCluster(Distribution distribution, ClusterOptions options, FolderLock lock) {
    this.options = options;
    this.distribution = distribution;
    this.flink = new FlinkProcesses(distribution, options);
    this.cli = new FlinkCli(flink);
    this.rest = FlinkRest.onPort(options.ports().rest());
    this.lock = lock;
    OwnProcess self = OwnProcess.of("launcher", ProcessHandle.current(), "");
    Map<String, String> told = RunFile.in(options.folder()).map(RunFile::jobOptions).orElse(null);
    this.run = new RunFile(options.ports(), warehouse(), "", told, false, List.of(self));
  }

  /**
   * Starts everything and waits until it answers. What was started is ended again when something
   * fails.
   *
   * @param wanted ports may be 0
   * @param fresh whether the data of an earlier run in the folder is removed first
   * @param partitions how many partitions the events topic gets when it is made
   * @param says hears in a few words what is going on
   */
  public static LocalCluster start(
      Distribution distribution,
      ClusterOptions wanted,
      boolean fresh,
      int partitions,
      Consumer<String> says) {
    FolderLock lock = FolderLock.take(wanted.folder());
    try {
      ClusterOptions options = wanted.withPorts(wanted.ports().resolved());
      options.folder().prepare(fresh);
      LocalCluster cluster = new LocalCluster(distribution, options, lock);
      Runtime.getRuntime().addShutdownHook(cluster.atExit);
      cluster.startAll(partitions, says);
      return cluster;
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void startAll(int partitions, Consumer<String> says) {
    try {
      run.write(options.folder());
      flink.configure();
      says.accept("broker");
      Broker broker = new Broker(distribution, options);
      ChildProcess brokerProcess = add(broker.start());
      says.accept("JobManager");
      add(flink.startJobManager());
      for (int i = 0; i < options.taskManagers(); i++) {
        says.accept("TaskManager " + i);
        startTaskManager();
      }
      says.accept("SQL gateway");
      add(flink.startGateway());
      says.accept("waiting for the broker");
      broker.awaitTopics(brokerProcess, Map.of(EVENTS, partitions, REJECTED, 1, DUPLICATES, 1));
      says.accept("waiting for the TaskManagers");
      awaitTaskManagers(options.taskManagers());
      says.accept("waiting for the SQL gateway");
      Await.until("The SQL gateway answers", START, this::requireAlive, sql()::answers);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private ChildProcess add(ChildProcess child) {
    if (closing) {
      child.kill();
      throw new CommandException("Stopping.");
    }
    children.put(child.name(), child);
    run = run.with(OwnProcess.of(child));
    run.write(options.folder());
    return child;
  }

  /** Waits until so many TaskManagers are registered. */
  public void awaitTaskManagers(int count) {
    Await.until(
        count + " TaskManagers register",
        START,
        this::requireAlive,
        () -> rest.taskManagers().filter(registered -> registered >= count).isPresent());
  }

  /** The broker's address. */
  public String bootstrapServers() {
    return "127.0.0.1:" + options.ports().kafka();
  }

  /** The warehouse as a URI. */
  public String warehouse() {
    return options.folder().uri() + "/warehouse";
  }

  /** What the cluster was made of; no port is 0. */
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
   * Submits Nova's job with {@code flink run -d}, telling it broker, warehouse and topics.
   *
   * @param jobOptions more options of the job, such as {@code --nova.dedup.window}, {@code 20 min}
   * @param savepoint where to go on, if not from the beginning
   * @param parallelism the job's parallelism
   * @return the job's id
   */
  public String submit(List<String> jobOptions, Optional<String> savepoint, int parallelism) {
    ArrayList<String> arguments =
        new ArrayList<>(
            List.of("--nova.kafka.bootstrap-servers", bootstrapServers(), "--nova.warehouse"));
    arguments.add(warehouse());
    arguments.addAll(jobOptions);
    return submit(distribution.jobJar(), arguments, savepoint, parallelism);
  }

  /** Notes what the user has told the job, for a run that resumes this one. */
  public void remember(JobOptions jobOptions) {
    run = run.withJobOptions(jobOptions.values());
    run.write(options.folder());
  }

  /** Submits any job with {@code flink run -d}; gives its id. */
  public String submit(
      Path jar, List<String> arguments, Optional<String> savepoint, int parallelism) {
    ArrayList<String> words = new ArrayList<>(List.of("-p", Integer.toString(parallelism)));
    savepoint.ifPresent(path -> words.addAll(List.of("-s", path)));
    String job = cli.run(words, jar, arguments);
    run = run.withJob(job);
    run.write(options.folder());
    return job;
  }

  /** Waits until the job, and with it every task, runs; fails with Flink's reason if it ends. */
  public void awaitRunning(String job) {
    Await.until(
        "All tasks of job " + job + " run",
        START,
        () -> requireHealthy(job),
        () -> rest.allTasksRun(job));
  }

  /** {@code flink savepoint}: the job goes on; gives the savepoint's path. */
  public String savepoint(String job) {
    return cli.savepoint(job, options.folder().savepoints());
  }

  /**
   * {@code flink stop}: a savepoint, then the end of the job; gives the savepoint's path.
   *
   * @param drain whether the sources end as if the stream had ended: every block is sealed
   * @param meanwhile called a few times a second
   */
  public String stop(String job, boolean drain, Runnable meanwhile) {
    String path =
        cli.stop(
            job,
            options.folder().savepoints(),
            drain,
            () -> {
              requireAlive();
              meanwhile.run();
            });
    Await.until(
        "Job " + job + " ends",
        START,
        this::requireAlive,
        () -> rest.job(job).map(FlinkRest.Job::ended).orElse(true));
    return path;
  }

  /** Starts one more TaskManager; gives its number, from 0. */
  public int startTaskManager() {
    add(flink.startTaskManager(taskManagersStarted));
    return taskManagersStarted++;
  }

  /** Kills a TaskManager as {@code kill -9} does, and forgets it. */
  public void killTaskManager(int number) {
    ChildProcess child = children.remove("taskmanager-" + number);
    if (child == null) {
      throw new CommandException(
          "No TaskManager %s runs; those that do: %s".formatted(number, children.keySet()));
    }
    child.kill();
  }

  /** The processes of the broker and of Flink that it has started and not ended. */
  public List<ProcessHandle> processes() {
    return List.copyOf(children.values()).stream()
        .map(child -> child.process().toHandle())
        .toList();
  }

  /** Fails, with its log, when a process has ended that should not have. */
  public void requireAlive() {
    if (closing) {
      throw new CommandException("Stopping.");
    }
    List.copyOf(children.values()).forEach(ChildProcess::requireAlive);
  }

  /** Fails when a process or the job has ended, with the reason that Flink gives. */
  public void requireHealthy(String job) {
    requireAlive();
    rest.job(job).filter(FlinkRest.Job::ended).ifPresent(this::failBecauseOf);
  }

  private void failBecauseOf(FlinkRest.Job job) {
    throw new CommandException(
        "Job %s is %s. %s".formatted(job.id(), job.state(), rest.lastFailure(job.id()).orElse("")));
  }

  /** Says in the folder that this run came to its end, so that nothing of it can be resumed. */
  public void markEnded() {
    run = run.asEnded();
    run.write(options.folder());
  }

  /** Whether the end has begun, by {@link #close} or because this JVM is asked to end. */
  public boolean closing() {
    return closing;
  }

  /** Ends all processes. A second call does nothing. */
  @Override
  public void close() {
    endAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook does the same.
    }
  }

  private synchronized void endAll() {
    closing = true;
    List<ChildProcess> all = List.copyOf(children.values());
    // The broker last: the others still talk to it.
    List<ChildProcess> clients =
        all.stream().filter(child -> !child.name().equals("broker")).toList();
    end(clients);
    end(all);
    children.clear();
    lock.close();
  }

  private static void end(List<ChildProcess> some) {
    some.forEach(ChildProcess::ask);
    long deadline = System.nanoTime() + END.toNanos();
    for (ChildProcess child : some) {
      if (!child.endsWithin(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
        child.kill();
      }
    }
  }
}
