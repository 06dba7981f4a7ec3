package io.nova.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** Takes what one test has left on a cluster away before the next. */
final class CleanSlate {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Map<String, Integer> TOPICS =
      Map.of(
          LocalCluster.EVENTS,
          TestCluster.PARTITIONS,
          LocalCluster.REJECTED,
          1,
          LocalCluster.DUPLICATES,
          1);

  private final LocalCluster cluster;

  CleanSlate(LocalCluster cluster) {
    this.cluster = cluster;
  }

  void make() {
    cancelJobs();
    topics();
    delete(cluster.options().folder().warehouse());
  }

  /** By Flink's REST: a savepoint is not wanted. */
  void cancelJobs() {
    for (FlinkRest.Job job : cluster.flink().jobs()) {
      if (!job.ended()) {
        cancel(job.id());
        Waiting.until(
            "Job " + job.id() + " is cancelled",
            PATIENCE,
            () -> {},
            () -> cluster.flink().job(job.id()).map(FlinkRest.Job::ended).orElse(true));
      }
    }
  }

  private void cancel(String job) {
    URI uri =
        URI.create(
            "http://127.0.0.1:"
                + cluster.options().ports().rest()
                + "/jobs/"
                + job
                + "?mode=cancel");
    try {
      HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(uri).method("PATCH", BodyPublishers.noBody()).build(),
              BodyHandlers.discarding());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void topics() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
      Set<String> there = admin.listTopics().names().get();
      admin.deleteTopics(TOPICS.keySet().stream().filter(there::contains).toList()).all().get();
      Waiting.until(
          "the topics are gone",
          PATIENCE,
          () -> {},
          () -> names(admin).noneMatch(TOPICS::containsKey));
      List<NewTopic> made =
          TOPICS.entrySet().stream()
              .map(
                  topic ->
                      new NewTopic(topic.getKey(), topic.getValue(), (short) 1)
                          .configs(Map.of("max.message.bytes", "16777216", "retention.ms", "-1")))
              .toList();
      admin.createTopics(made).all().get();
    } catch (Exception e) {
      throw new IllegalStateException("Topics could not be made anew", e);
    }
  }

  private static Stream<String> names(Admin admin) {
    try {
      return admin.listTopics().names().get().stream();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void delete(Path tree) {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      files.sorted(Comparator.reverseOrder()).forEach(CleanSlate::deleteOne);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
