package io.nova.cli.cluster;

import io.nova.cli.process.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** A configuration file in which {@code {name}} stands for a value. */
final class Template {
  private Template() {}

  /** Adds a template to the end of a file. */
  static void append(Path template, Path to, Map<String, String> values) {
    Path filled = to.resolveSibling(to.getFileName() + ".part");
    fill(template, filled, values);
    try {
      Files.writeString(to, "\n" + Files.readString(filled), StandardOpenOption.APPEND);
      Files.delete(filled);
    } catch (IOException e) {
      throw new CommandException("%s cannot be written from %s: %s".formatted(to, template, e), e);
    }
  }

  /** Writes a template to a file, with the values of one cluster. */
  static void fill(Path template, Path to, Map<String, String> values) {
    try {
      String text = Files.readString(template);
      for (Map.Entry<String, String> value : values.entrySet()) {
        text = text.replace("{" + value.getKey() + "}", value.getValue());
      }
      Files.writeString(to, text);
    } catch (IOException e) {
      throw new CommandException("%s cannot be written from %s: %s".formatted(to, template, e), e);
    }
  }

  /** The values for the templates in {@code flink-conf/conf}, by name. */
  static Map<String, String> values(ClusterOptions options) {
    Ports ports = options.ports();
    return Map.ofEntries(
        Map.entry("dir", options.folder().dir().toString()),
        Map.entry("dir.uri", options.folder().uri()),
        Map.entry("kafka.port", Integer.toString(ports.kafka())),
        Map.entry("controller.port", Integer.toString(ports.controller())),
        Map.entry("rest.port", Integer.toString(ports.rest())),
        Map.entry("jobmanager.port", Integer.toString(ports.jobManager())),
        Map.entry("gateway.port", Integer.toString(ports.gateway())),
        Map.entry("metrics.ports", ports.metricsRange()),
        Map.entry("zookeeper.port", Integer.toString(ports.zookeeper())),
        Map.entry("jobmanager.memory", options.memory().jobManager()),
        Map.entry("taskmanager.memory", options.memory().taskManager()),
        Map.entry("taskmanager.slots", Integer.toString(options.slots())),
        Map.entry("parallelism", Integer.toString(options.parallelism())));
  }
}
