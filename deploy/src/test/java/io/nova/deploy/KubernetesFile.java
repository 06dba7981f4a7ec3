package io.nova.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One document of the YAML files that this project ships.
 *
 * @param file its file
 * @param content the document
 */
record KubernetesFile(Path file, JsonNode content) {
  private static final YAMLMapper YAML = new YAMLMapper();

  /** All documents of a folder's files. */
  static List<KubernetesFile> in(Path folder) {
    List<KubernetesFile> documents = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        read(file).forEach(content -> documents.add(new KubernetesFile(file, content)));
      }
      return documents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonNode> read(Path file) throws IOException {
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
      return documents.readAll();
    }
  }

  /** One document as text. */
  static JsonNode parse(String text) {
    try {
      return YAML.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String kind() {
    return content.path("kind").asText();
  }

  String name() {
    return content.at("/metadata/name").asText();
  }

  @Override
  public String toString() {
    return "%s: %s %s".formatted(file.getFileName(), kind(), name());
  }
}
