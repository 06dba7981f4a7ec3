package io.nova.job.options;

import io.nova.event.format.ValueFormat;
import io.nova.kafka.value.ValueSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/** Reads and checks the options about the format of the messages' values. */
final class ValueOptions {
  private ValueOptions() {}

  /**
   * The format, with the schema of its file if it has one.
   *
   * @throws IllegalArgumentException which names the option, what was found and what was expected
   */
  static ValueSettings of(ReadableConfig values) {
    String schemaFile = values.get(NovaOptions.VALUE_SCHEMA_FILE).strip();
    String url = values.get(NovaOptions.REGISTRY_URL).strip();
    String authFile = values.get(NovaOptions.REGISTRY_AUTH_FILE).strip();
    ValueFormat format = format(values.get(NovaOptions.VALUE_FORMAT).strip());
    if (format == ValueFormat.JSON) {
      mustBeEmpty(
          NovaOptions.VALUE_SCHEMA_FILE, schemaFile, "nothing, because the values are json");
      mustBeEmpty(NovaOptions.REGISTRY_URL, url, "nothing, because the values are json");
    }
    if (url.isEmpty()) {
      mustBeEmpty(
          NovaOptions.REGISTRY_AUTH_FILE,
          authFile,
          "nothing without " + NovaOptions.REGISTRY_URL.key());
      return format == ValueFormat.JSON ? ValueSettings.JSON : withoutRegistry(format, schemaFile);
    }
    mustBeEmpty(
        NovaOptions.VALUE_SCHEMA_FILE,
        schemaFile,
        "nothing together with " + NovaOptions.REGISTRY_URL.key());
    return ValueSettings.registry(
        format,
        url(url),
        authFile.isEmpty() ? "" : read(NovaOptions.REGISTRY_AUTH_FILE, authFile).strip());
  }

  private static ValueFormat format(String name) {
    return ValueFormat.of(name)
        .orElseThrow(
            () ->
                OptionChecks.wrong(
                    NovaOptions.VALUE_FORMAT,
                    '"' + name + '"',
                    "one of " + ValueFormat.wireNames()));
  }

  private static void mustBeEmpty(ConfigOption<String> option, String found, String expected) {
    if (!found.isEmpty()) {
      throw OptionChecks.wrong(option, found, expected);
    }
  }

  private static ValueSettings withoutRegistry(ValueFormat format, String schemaFile) {
    if (format != ValueFormat.AVRO || schemaFile.isEmpty()) {
      throw OptionChecks.wrong(
          NovaOptions.REGISTRY_URL,
          "nothing",
          format == ValueFormat.AVRO
              ? "the URL of a schema registry, or a file in " + NovaOptions.VALUE_SCHEMA_FILE.key()
              : "the URL of a schema registry, because the values are " + format.wireName());
    }
    ValueSettings settings = ValueSettings.avro(read(NovaOptions.VALUE_SCHEMA_FILE, schemaFile));
    try {
      settings.open().close();
    } catch (IllegalArgumentException e) {
      throw OptionChecks.wrong(
          NovaOptions.VALUE_SCHEMA_FILE, schemaFile, "an Avro schema: " + e.getMessage());
    }
    return settings;
  }

  private static String url(String url) {
    try {
      URI uri = URI.create(url);
      if (uri.getHost() != null
          && uri.getUserInfo() == null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return url;
      }
    } catch (IllegalArgumentException noUri) {
      // The error below says what is expected.
    }
    throw OptionChecks.wrong(
        NovaOptions.REGISTRY_URL,
        '"' + url.replaceAll("//[^/@]*@", "//...@") + '"',
        "http or https, a host and perhaps a port, and no user");
  }

  private static String read(ConfigOption<String> option, String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException | InvalidPathException e) {
      throw OptionChecks.wrong(option, file, "a file in UTF-8 that can be read (%s)".formatted(e));
    }
  }
}
