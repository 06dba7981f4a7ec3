package io.nova.kafka;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * A properties file with settings of Kafka's clients, such as SASL and TLS. It is the file that
 * Kafka's own tools take. Job, catalog and commands read it alike.
 */
public final class ClientConfigFile {
  private ClientConfigFile() {}

  /**
   * Reads a file, in UTF-8.
   *
   * @return the settings by Kafka's names
   * @throws IOException when it cannot be read, or is no properties file
   */
  public static Map<String, String> read(Path file) throws IOException {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(withoutByteOrderMark(Files.readString(file))));
    } catch (IllegalArgumentException e) {
      throw new IOException("it is no properties file: " + e.getMessage(), e);
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(name -> name, properties::getProperty));
  }

  /** Some editors begin a file with this mark, which would belong to the first key. */
  private static String withoutByteOrderMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }
}
