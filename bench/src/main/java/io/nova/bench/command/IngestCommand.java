package io.nova.bench.command;

import io.nova.bench.event.BenchEvents;
import io.nova.bench.measure.JudgedRows;
import io.nova.bench.measure.Plot;
import io.nova.bench.measure.RateCurve;
import io.nova.bench.side.BenchCluster;
import io.nova.bench.side.IngestResult;
import io.nova.bench.side.NovaIngest;
import io.nova.bench.side.PeerIngest;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.process.CommandException;
import io.nova.workload.topic.Brokers;
import io.nova.workload.topic.TopicRecords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Ingest of Nova and of the usual dedup in Flink SQL, from one topic. */
@Command(
    name = "ingest",
    description = {
      "Reads one topic with Nova's job and with Flink SQL's dedup and Parquet sink.",
      "`sustained` is the rate between 25 %% and 90 %% of the messages. `whole` counts from the start"
          + " of the job until all rows are durable and visible. The default takes about 8 minutes"
          + " on two cores."
    },
    mixinStandardHelpOptions = true)
final class IngestCommand implements Callable<Integer> {
  private enum Side {
    BOTH,
    NOVA,
    PEER
  }

  private static final List<Variant> WINDOWS =
      List.of(
          new Variant("24 h", List.of("nova.dedup.window=24 h"), "windowRatio"),
          new Variant("10 min", List.of("nova.dedup.window=10 min"), ""));
  private static final List<Variant> ADMITTED =
      List.of(
          new Variant("at-least-once", admitted("at-least-once"), "admittedAtLeastOnceRatio"),
          new Variant("exactly-once", admitted("exactly-once"), "admittedExactlyOnceRatio"),
          new Variant("none", List.of(), ""));
  private static final int RUNS_OF_EACH = 3;

  /**
   * Options of the job that are compared with others.
   *
   * @param name a word for them
   * @param figure the name of their ratio to the last variant, which has none
   */
  private record Variant(String name, List<String> options, String figure) {}

  private static List<String> admitted(String delivery) {
    return List.of(
        "nova.admitted.topic=" + LocalCluster.ADMITTED, "nova.admitted.delivery=" + delivery);
  }

  /** Thread groups that use less are left out. */
  private static final double SHOWN_MICROS = 0.05;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BenchOptions bench = new BenchOptions();

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "Messages of the topic, a tenth of them copies (default: ${DEFAULT-VALUE}).")
  private long events = 4_000_000;

  @Option(
      names = "--live-rate",
      paramLabel = "N",
      description =
          "Messages a second of live traffic that catching up is compared with (default:"
              + " ${DEFAULT-VALUE}).")
  private double liveRate = 3_000;

  @Option(
      names = "--only",
      paramLabel = "SIDE",
      description =
          "Runs one side: nova or peer (default: both). There are no ratios then, and no copies.")
  private Side only = Side.BOTH;

  @Option(
      names = "--windows",
      description =
          "Also compare dedup windows of 24 h and 10 min: three runs of Nova with each, in turns.")
  private boolean windows;

  @Option(
      names = "--admitted",
      description =
          "Also compare runs with the admitted topic, at least once and exactly once, with runs"
              + " without it: three of each, in turns.")
  private boolean admitted;

  @Option(
      names = "--option",
      paramLabel = "NAME=VALUE",
      description = "An option of Nova's job. May be repeated.")
  private List<String> novaOptions = new ArrayList<>();

  @Option(
      names = "--peer-setting",
      paramLabel = "NAME=VALUE",
      description = "A setting of the peer's session. May be repeated.")
  private List<String> peerSettings = new ArrayList<>();

  @Option(
      names = "--peer-sink-option",
      paramLabel = "NAME=VALUE",
      description = "An option of the peer's table of Parquet files. May be repeated.")
  private List<String> peerSinkOptions = new ArrayList<>();

  private final Map<String, List<RateCurve.Point>> curves = new LinkedHashMap<>();

  @Override
  public Integer call() throws Exception {
    bench.enough("--events", events);
    bench.above0("--live-rate", liveRate);
    bench.pairs("--option", novaOptions);
    bench.pairs("--peer-setting", peerSettings);
    bench.pairs("--peer-sink-option", peerSinkOptions);
    BenchEvents sent = BenchEvents.ofADay(events);
    Report report = new Report(spec.commandLine().getOut());
    try (BenchCluster cluster = BenchCluster.start(bench.folder())) {
      sent(report, sent, cluster.send(sent));
      IngestResult peer = only == Side.NOVA ? null : peer(report, cluster, sent);
      IngestResult nova = only == Side.PEER ? null : nova(report, cluster, sent, "nova");
      if (windows && nova != null) {
        compare(report, cluster, sent, "window", WINDOWS);
      }
      if (admitted && nova != null) {
        compare(report, cluster, sent, "admitted", ADMITTED);
      }
      if (peer != null && nova != null) {
        duplicates(report, cluster, sent);
        ratios(report, peer, nova);
      }
      cluster.clear();
    }
    Plot.lines("Messages read", "messages a second", curves).write(bench.svg());
    report.end(bench.svg(), bench.json());
    return 0;
  }

  private void sent(Report report, BenchEvents sent, double meanBytes) {
    report.line(
        "messages   %,d of %.0f bytes: %,d events of a day, %,d copies; %d partitions",
        sent.messages(), meanBytes, sent.events(), sent.copies(), BenchEvents.PARTITIONS);
    report.figure("events", sent.messages());
    report.figure("messageBytes", meanBytes);
    report.line(
        "cluster    two TaskManagers of two slots, parallelism %d", BenchCluster.PARALLELISM);
  }

  private IngestResult peer(Report report, BenchCluster cluster, BenchEvents sent)
      throws Exception {
    PeerIngest peer = new PeerIngest(cluster, peerSettings, peerSinkOptions);
    List<String> sql = new ArrayList<>(peer.statements());
    sql.add(peer.insert());
    report.facts("peerSql", sql);
    IngestResult result = peer.run(sent.messages());
    JudgedRows.require("peer", result.files(), sent);
    side(report, "peer", result, sent);
    return result;
  }

  private IngestResult nova(Report report, BenchCluster cluster, BenchEvents sent, String name)
      throws Exception {
    IngestResult result = new NovaIngest(cluster, novaOptions, name).run(sent.messages());
    JudgedRows.require("nova", result.files(), sent);
    side(report, "nova", result, sent);
    report.figure("chunkBytesPerEvent", (double) result.bytes() / sent.events());
    report.figure("mergeMicrosPerEvent", NovaIngest.mergeMicros(result) / sent.events());
    report.line(
        "           merge %.2f us of CPU an event, %d chunks",
        NovaIngest.mergeMicros(result) / sent.events(), result.files().size());
    report.figure("catchUpRatio", result.sustained() / liveRate);
    report.line(
        "           a backlog is read %.1f times as fast as %,.0f messages/s come",
        result.sustained() / liveRate, liveRate);
    return result;
  }

  private void side(Report report, String side, IngestResult result, BenchEvents sent) {
    report.line(
        "%-10s %,.0f messages/s sustained, %,.0f whole (%.1f s), %.1f us of CPU a message, %.1f bytes an event, %d files; rows are right",
        side,
        result.sustained(),
        result.whole(),
        result.seconds(),
        result.cpuPerMessage(),
        (double) result.bytes() / sent.events(),
        result.files().size());
    report.line("           warm CPU, us a message: %s", groups(result.warmCpu()));
    report.figure(side + "WarmCpuMicros", rounded(result.warmCpu()));
    curves.put(side, result.curve().rates(2));
    report.figure(side + "Sustained", result.sustained());
    report.figure(side + "Whole", result.whole());
    report.figure(side + "CpuMicros", result.cpuPerMessage());
    report.figure(side + "BytesPerEvent", (double) result.bytes() / sent.events());
  }

  /** The same messages again, which one more run of the job reads after the first ones. */
  private void duplicates(Report report, BenchCluster cluster, BenchEvents sent) throws Exception {
    cluster.send(sent);
    NovaIngest nova = new NovaIngest(cluster, novaOptions, "twice");
    IngestResult result = nova.run(2 * sent.messages());
    JudgedRows.require("nova with every message twice", result.files(), sent);
    double fresh = result.curve().sustained(0, sent.messages());
    double duplicates = result.curve().sustained(sent.messages(), sent.messages());
    report.line(
        "twice      %,.0f messages/s sustained, then %,.0f of duplicates only: ratio %.2f; rows are right",
        fresh, duplicates, duplicates / fresh);
    curves.put("nova, every message twice", result.curve().rates(2));
    report.figure("freshSustained", fresh);
    report.figure("allDuplicates", duplicates);
    report.figure("duplicatesRatio", duplicates / fresh);
    nova.delete();
  }

  /** Runs each variant several times, in turns, and shows the ratios of the others to the last. */
  private void compare(
      Report report, BenchCluster cluster, BenchEvents sent, String what, List<Variant> variants)
      throws Exception {
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    for (int run = 0; run < RUNS_OF_EACH * variants.size(); run++) {
      Variant variant = variants.get(run % variants.size());
      ArrayList<String> options = new ArrayList<>(novaOptions);
      options.addAll(variant.options());
      NovaIngest nova = new NovaIngest(cluster, options, what + "-" + run);
      long before = admittedRecords(cluster);
      IngestResult result = nova.run(sent.messages());
      JudgedRows.require("nova, %s %s".formatted(what, variant.name()), result.files(), sent);
      requireAdmitted(variant, options, admittedRecords(cluster) - before, sent);
      report.line(
          "%-10s %-13s %,.0f messages/s sustained, %.1f us of CPU a message",
          what, variant.name(), result.sustained(), result.cpuPerMessage());
      rates.computeIfAbsent(variant.name(), same -> new ArrayList<>()).add(result.sustained());
      nova.delete();
    }
    String base = variants.get(variants.size() - 1).name();
    for (Variant variant : variants.subList(0, variants.size() - 1)) {
      double ratio = median(rates, variant.name()) / median(rates, base);
      report.line("%-10s %s to %s: ratio of the medians %.2f", what, variant.name(), base, ratio);
      report.figure(variant.figure(), ratio);
    }
  }

  private static long admittedRecords(BenchCluster cluster) {
    return new TopicRecords(Brokers.at(cluster.local().bootstrapServers()), LocalCluster.ADMITTED)
        .count();
  }

  /** The markers of transactions count as records too. */
  private static void requireAdmitted(
      Variant variant, List<String> options, long records, BenchEvents sent) {
    boolean writes = writesAdmitted(options);
    if (writes ? records < sent.events() : records != 0) {
      throw new CommandException(
          "nova, admitted %s: found %,d records on the admitted topic, expected %s. Its time does not count."
              .formatted(variant.name(), records, writes ? sent.events() + " or more" : "none"));
    }
  }

  /** Whether a run with these options writes to the topic whose records are counted. */
  static boolean writesAdmitted(List<String> options) {
    String name = "nova.admitted.topic=";
    return options.stream()
        .filter(one -> one.startsWith(name))
        .reduce((earlier, last) -> last)
        .filter(one -> one.equals(name + LocalCluster.ADMITTED))
        .isPresent();
  }

  private static double median(Map<String, List<Double>> rates, String name) {
    return Medians.of(rates.getOrDefault(name, List.of()));
  }

  private static void ratios(Report report, IngestResult peer, IngestResult nova) {
    report.line(
        "ratio      %.2f sustained, %.2f whole",
        nova.sustained() / peer.sustained(), nova.whole() / peer.whole());
    report.figure("ratioSustained", nova.sustained() / peer.sustained());
    report.figure("ratioWhole", nova.whole() / peer.whole());
  }

  private static String groups(Map<String, Double> micros) {
    return micros.entrySet().stream()
        .filter(group -> group.getValue() >= SHOWN_MICROS)
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .map(group -> String.format(Locale.ROOT, "%s %.2f", group.getKey(), group.getValue()))
        .reduce((one, other) -> one + ", " + other)
        .orElse("none");
  }

  private static Map<String, Double> rounded(Map<String, Double> values) {
    Map<String, Double> rounded = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (value >= SHOWN_MICROS) {
            rounded.put(name, Report.rounded(value));
          }
        });
    return rounded;
  }
}
