package io.nova.cli;

import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.ClusterOptions.Extra;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.cluster.Ports;
import io.nova.cli.cluster.RunFile;
import io.nova.cli.cluster.StopRequest;
import io.nova.cli.cluster.TableFileCount;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.ConsoleFile;
import io.nova.cli.process.WorkFolder;
import io.nova.cli.run.BatchLayer;
import io.nova.cli.run.DaysOutcome;
import io.nova.cli.run.DaysRun;
import io.nova.cli.run.FirstRecord;
import io.nova.cli.run.JobOptions;
import io.nova.cli.run.LocalRun;
import io.nova.cli.run.Outcome;
import io.nova.cli.run.ProgressDisplay;
import io.nova.cli.run.ReplayedDays;
import io.nova.cli.run.UnreadFiles;
import io.nova.cli.sql.GatewayWarmUp;
import io.nova.judge.Verdict;
import io.nova.workload.input.Messages;
import io.nova.workload.send.SendReport;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts a cluster on this machine, submits the job, and sends events. */
@Command(
    name = "local",
    description = {
      "Starts a broker and a Flink cluster on this machine, submits the job and sends events.",
      "A TaskManager or SQL gateway that dies is started again, at most five times in ten minutes."
          + " With --ha, so is a JobManager. The console is started again in the same way.",
      "A new run in the same folder replaces the data of the run before, unless --resume continues"
          + " it."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class LocalCommand implements Callable<Integer> {
  @Mixin private FolderOption folder = new FolderOption();

  @Option(
      names = "--once",
      description =
          "Send all events, seal every block, judge, and stop everything. The exit code is 0 if every"
              + " event is there exactly once, no file was left out, and not every message was"
              + " rejected.")
  private boolean once;

  @Mixin private DaysOption days = new DaysOption();

  @Option(
      names = "--json",
      description = "With --once or --days: the last line of output is one JSON object.")
  private boolean json;

  @Option(
      names = "--resume",
      description =
          "Continue the last run in this folder from its savepoint, with its job options and its"
              + " mapping unless others are given. Sends nothing without --events.")
  private boolean resume;

  @Option(
      names = {"-o", "--option"},
      paramLabel = "NAME=VALUE",
      description =
          "An option of the job, such as nova.dedup.window='20 min'. May be repeated. With --resume,"
              + " NAME= removes one.")
  private Map<String, String> jobOptions = Map.of();

  @Option(
      names = "--no-warm-up",
      description =
          "Do not run queries on the new SQL gateway. They make the first query of a user faster.")
  private boolean cold;

  @Mixin private MappingOption mapping = new MappingOption();

  @ArgGroup(validate = false, heading = "%nEvents:%n")
  private SendOptions sending = new SendOptions();

  @ArgGroup(validate = false, heading = "%nThe cluster:%n")
  private SizeOptions size = new SizeOptions();

  @Spec private @Nullable CommandSpec spec;

  private final ProgressDisplay display = ProgressDisplay.ofThisTerminal();

  @Override
  public Integer call() {
    check();
    ClusterOptions options = withoutSecondConsole(size.in(folder.folder(), !once && !days.given()));
    JobOptions job = jobOptions(options.folder());
    job.mustUseFolders();
    if (once || days.given()) {
      job.mustBeJudgeable();
    }
    sending.pace();
    Optional<ReplayedDays> replayed =
        days.given() ? Optional.of(days.of(sending)) : Optional.empty();
    List<String> leftOut = UnreadFiles.leftOut(sending.messages(), display);
    Messages messages = messages(job);
    Optional<String> savepoint =
        resume ? Optional.of(savepoint(options.folder())) : Optional.<String>empty();
    try (LocalCluster cluster = start(options)) {
      display.say("Submitting the job.");
      String id = cluster.submit(job.words(), savepoint, options.parallelism());
      cluster.remember(job.values());
      cluster.awaitRunning(id);
      sayAddresses(cluster);
      if (!cold && !once) {
        GatewayWarmUp.start(cluster.sql());
      }
      if (replayed.isPresent()) {
        return replay(cluster, id, job, replayed.get());
      }
      return once ? once(cluster, id, job, messages, leftOut) : stay(cluster, id, messages);
    } catch (StopRequest.Asked e) {
      throw new CommandException("`nova stop` ended the run before the verdict.", e);
    }
  }

  private void check() {
    if (once && sending.fromPipe()) {
      throw usage(
          "--once reads the events twice, so they cannot come from standard input or a pipe.");
    }
    if (json && !once && !days.given()) {
      throw usage(
          "--json goes with --once or --days; for a running cluster use `nova status --json`.");
    }
    if (days.given() && resume) {
      throw usage("--days replays from an empty table, so it cannot --resume a run.");
    }
    if (once && resume) {
      throw usage("--once judges a whole run, so it cannot --resume another.");
    }
  }

  private RuntimeException usage(String message) {
    return spec == null
        ? new CommandException(message)
        : new ParameterException(spec.commandLine(), message);
  }

  private JobOptions jobOptions(WorkFolder folder) {
    JobOptions given = mapping.in(new JobOptions(jobOptions));
    if (!resume) {
      return days.given() ? days.with(given) : given;
    }
    Optional<Map<String, String>> earlier = RunFile.in(folder).map(RunFile::jobOptions);
    if (earlier.isEmpty()) {
      display.say(
          "The earlier options of the job are not known: it has the options given now only.");
      return given;
    }
    JobOptions job = given.over(earlier.get());
    if (!job.values().isEmpty()) {
      display.say("The job keeps its options " + String.join(", ", job.values().keySet()));
    }
    return job;
  }

  private static String savepoint(WorkFolder folder) {
    if (RunFile.in(folder).filter(run -> !run.ended()).isEmpty()) {
      throw new CommandException(
          "No run to resume in %s: there was none, or it has ended.".formatted(folder.dir()));
    }
    return folder
        .newestSavepoint()
        .map(path -> "file://" + path)
        .orElseThrow(
            () ->
                new CommandException(
                    "No savepoint and no checkpoint in %s. Start a new run without --resume."
                        .formatted(folder.dir())));
  }

  /** A console that runs in this folder already shows the new cluster. */
  private ClusterOptions withoutSecondConsole(ClusterOptions options) {
    if (!options.has(Extra.CONSOLE)) {
      return options;
    }
    Optional<ConsoleFile> running = ConsoleFile.running(options.folder());
    boolean built = Distribution.ofThisProject().hasConsole();
    if (running.isEmpty() && built) {
      return options;
    }
    display.say(
        running
            .map(it -> "The console of this folder runs already: " + it.pageAddress())
            .orElse("There is no console: its folder console/lib is missing in the assembly."));
    return options.withoutConsole();
  }

  private LocalCluster start(ClusterOptions options) {
    display.say("Starting in " + options.folder().dir());
    return LocalCluster.start(
        Distribution.ofThisProject(),
        options,
        !resume,
        sending.partitions(),
        step -> display.say("  " + step));
  }

  private void sayAddresses(LocalCluster cluster) {
    Ports ports = cluster.options().ports();
    display.say(
        "The job is running. Flink: http://127.0.0.1:%d, Kafka: 127.0.0.1:%d, SQL gateway: http://127.0.0.1:%d"
            .formatted(ports.rest(), ports.kafka(), ports.gateway()));
    cluster.console().ifPresent(it -> display.say("Console: " + it.pageAddress()));
    cluster
        .metrics()
        .forEach(
            (process, address) -> display.say("Metrics of %s: %s".formatted(process, address)));
  }

  /** The messages to send. A mapping that does not fit files is reported before anything starts. */
  private Messages messages(JobOptions job) {
    return sending.fromFiles() ? FirstRecord.checked(sending.messages(), job) : sending.messages();
  }

  private int stay(LocalCluster cluster, String job, Messages messages) {
    try {
      sendAndWatch(new LocalRun(cluster, job, display), messages);
    } catch (StopRequest.Asked e) {
      display.say("`nova stop` was called: stopping.");
      StopRequest.awaitEnd(cluster.options().folder());
    }
    return 0;
  }

  private void sendAndWatch(LocalRun run, Messages messages) {
    long sent = 0;
    if (!resume || sending.fromFiles()) {
      sent = run.send(messages, sending.pace()).sent();
      display.say("All %,d messages were sent.".formatted(sent));
    }
    run.watch(sent);
  }

  private int once(
      LocalCluster cluster,
      String job,
      JobOptions options,
      Messages messages,
      List<String> leftOut) {
    LocalRun run = new LocalRun(cluster, job, display);
    long start = System.nanoTime();
    SendReport sent = run.send(messages, sending.pace());
    long records = run.records(messages, sent, options);
    run.awaitDecided(records);
    double speed = records / LocalRun.seconds(start);
    JobFigures figures = run.drain(records);
    Verdict verdict = run.judge(messages, sent, options);
    ArrayList<String> unreadFiles = new ArrayList<>(leftOut);
    unreadFiles.addAll(UnreadFiles.differences(messages));
    TableFileCount files = TableFileCount.of(cluster.warehouse());
    Outcome outcome =
        new Outcome(
            records, sent.failed(), unreadFiles, figures, verdict, files, sinceStart(), speed);
    cluster.markEnded();
    display.say("Stopping.");
    cluster.close();
    print(outcome.report(), outcome.json());
    return outcome.good() ? 0 : 1;
  }

  private int replay(LocalCluster cluster, String job, JobOptions options, ReplayedDays replayed) {
    BatchLayer batchLayer = new ReferenceBatchLayer(cluster, options, display);
    DaysOutcome outcome =
        new DaysRun(cluster, job, options, replayed, batchLayer, display).replay();
    cluster.markEnded();
    display.say("Stopping.");
    cluster.close();
    print(outcome.report(), outcome.json());
    return outcome.good() ? 0 : 1;
  }

  private void print(String report, String line) {
    if (json) {
      display.say(report);
      System.out.println(line);
    } else {
      System.out.println(report);
    }
  }

  private static double sinceStart() {
    return ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
  }
}
