package io.nova.job.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.event.format.ValueFormat;
import io.nova.iceberg.CatalogAddress;
import io.nova.kafka.value.ValueSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NovaOptionsTest {
  private static final Map<String, String> REQUIRED =
      Map.of("nova.kafka.bootstrap-servers", "127.0.0.1:9092", "nova.warehouse", "file:///w");

  @Test
  void defaultsAreThoseOfThePost() {
    CheckedOptions options = CheckedOptions.of(REQUIRED);

    assertThat(options.blockRules(options.get(NovaOptions.BLOCK_INTERVAL)).interval())
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(options.blockRules(options.get(NovaOptions.BLOCK_INTERVAL)).window())
        .isEqualTo(Duration.ofMinutes(10));
    assertThat(options.blockRules(options.get(NovaOptions.BLOCK_INTERVAL)).latenessLimit())
        .isEqualTo(Duration.ofHours(24));
    assertThat(options.get(NovaOptions.CHECKPOINT_INTERVAL)).isEqualTo(Duration.ofSeconds(10));
    assertThat(options.get(NovaOptions.BATCH_LENGTH)).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void theBackstopOutlastsLatenessLimitAndWindow() {
    Map<String, String> week = new HashMap<>(REQUIRED);
    week.put("nova.event.lateness-limit", "7 d");
    week.put("nova.dedup.window", "7 d");

    assertThat(CheckedOptions.of(REQUIRED).stateTtl()).isEqualTo(Duration.ofDays(7));
    assertThat(CheckedOptions.of(week).stateTtl()).isEqualTo(Duration.ofDays(17));
  }

  @Test
  void theLargestWindowIsThatOfOptionsAndPolicyFileUnlessGiven(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("policies.json");
    Files.writeString(file, "{\"version\":1,\"policies\":[{\"app\":7,\"window\":\"3 h\"}]}");
    Map<String, String> given = new HashMap<>(REQUIRED);
    given.put("nova.policy.file", file.toString());

    assertThat(CheckedOptions.of(given).policies().largestWindow()).isEqualTo(Duration.ofHours(3));
    given.put("nova.dedup.largest-window", "5 h");
    assertThat(CheckedOptions.of(given).policies().largestWindow()).isEqualTo(Duration.ofHours(5));
    given.put("nova.dedup.largest-window", "2 h");
    assertThatThrownBy(() -> CheckedOptions.of(given)).hasMessageContaining("found 2 h");
    given.put("nova.policy.file", folder.resolve("none.json").toString());
    assertThatThrownBy(() -> CheckedOptions.of(given)).hasMessageContaining("none.json");
  }

  @ParameterizedTest
  @CsvSource({
    "nova.shards, 0, expected 1 to 32768",
    "nova.shards, many, 'found \"many\", expected a whole number'",
    "nova.dedup.window, ten minutes, nova.dedup.window",
    "nova.dedup.window, 30 h, nova.event.lateness-limit",
    "nova.event.lateness-limit, 8 d, expected 0 ms to 7 d",
    "nova.partition.retired, '1,x', partition numbers",
    "nova.memory.budget, 32 mb, at least twice nova.dedup.cache-size",
    "nova.dedup.cache-size, 32, expected at least 1 mb",
    "nova.chunk.sort-size, 513 mb, expected 1 mb to 512 mb",
    "nova.memory.budget, much, nova.memory.budget",
    "nova.ledger, perhaps, nova.ledger",
    "nova.policy.check-interval, 0 s, nova.policy.check-interval",
    "nova.chunk.target-size, 5 gb, expected 1 kb to 4 gb",
    "nova.chunk.block-files, 8, Unknown option",
    "nova.batch.close-delay, -1 s, nova.batch.close-delay",
    "nova.batch.grace, soon, expected a duration such as 10 min",
    "nova.batch.require-audit, yes, nova.batch.require-audit",
    "nova.batches.accept-topic, mine, expected an id of 22 characters",
    "nova.kafka.client-config, /no/such/file, expected a file that can be read",
    "nova.kafka.batches-topic, rejected, another topic than nova.kafka.rejected-topic",
    "nova.admitted.topic, events, another topic than nova.kafka.topic",
    "nova.admitted.topic, batches, another topic than nova.kafka.batches-topic",
    "nova.admitted.delivery, none, 'found \"none\", expected at-least-once or exactly-once'",
    "nova.admitted.transaction-timeout, long, expected a duration such as 10 min",
    "nova.savepoint.retention, 29 s, at least three times nova.checkpoint.interval (10 s)",
    "nova.files.min-age, 0 s, expected at least 1 s",
    "nova.lifecycle.interval, 10 ms, expected at least 1 s",
    "nova.commit.interval, often, nova.commit.interval",
    "nova.warehouse, '', nova.warehouse is missing",
    "nova.catalog.type, nessie, 'found nessie, expected one of [hadoop, rest, jdbc, hive, glue]'",
    "nova.catalog.type, jdbc, Option nova.catalog.uri: found nothing",
    "nova.catalog.warehouse, w, Option nova.catalog.warehouse",
    "nova.catalog.properties-file, /none/here, 'found /none/here, which cannot be read'",
    "nova.catalog.uri, 'jdbc:x://h/d?password=geheim', 'found a password in it'"
  })
  void badOptionFailsBeforeTheJobStarts(String name, String value, String message) {
    Map<String, String> given = new HashMap<>(REQUIRED);
    given.put(name, value);

    assertThatThrownBy(() -> CheckedOptions.of(given))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("geheim");
  }

  @Test
  void aTransactionMustOutlastItsCheckpoint() {
    Map<String, String> given = new HashMap<>(REQUIRED);
    given.put("nova.admitted.topic", "admitted");
    given.put("nova.admitted.transaction-timeout", "39 s");

    assertThat(CheckedOptions.of(given).admitted().exactlyOnce()).isFalse();
    given.put("nova.admitted.delivery", "exactly-once");
    assertThatThrownBy(() -> CheckedOptions.of(given))
        .hasMessageContaining(
            "nova.admitted.transaction-timeout: found 39 s, expected four times nova.checkpoint.interval (10 s) to 24 d");
    given.put("nova.admitted.transaction-timeout", "40 s");
    AdmittedSettings settings = CheckedOptions.of(given).admitted();
    assertThat(settings.exactlyOnce()).isTrue();
    assertThat(settings.longestCheckpoint(Duration.ofSeconds(10))).hasSeconds(10);
  }

  /** Equal prefixes would let one job abort the transactions of the other. */
  @Test
  void eachTableHasTransactionsOfItsOwnAndKeepsThem() {
    String one = AdmittedSettings.transactionalIdPrefix("000102030405060708090a0b0c0d0e0f");

    assertThat(one)
        .startsWith("nova-admitted-")
        .doesNotContain("00010203")
        .isEqualTo(AdmittedSettings.transactionalIdPrefix("000102030405060708090a0b0c0d0e0f"))
        .isNotEqualTo(AdmittedSettings.transactionalIdPrefix("000102030405060708090a0b0c0d0e10"));
  }

  @Test
  void kafkaSettingsOfAFileAreHandedOnAndAnOptionOverridesThem(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("client.properties");
    Files.writeString(file, "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\n");
    Map<String, String> given = new HashMap<>(REQUIRED);
    given.put("nova.kafka.client-config", file.toString());
    given.put("nova.kafka.property.sasl.mechanism", "SCRAM-SHA-512");

    assertThat(CheckedOptions.of(given).kafkaProperties())
        .containsOnly(
            Map.entry("security.protocol", "SASL_SSL"),
            Map.entry("sasl.mechanism", "SCRAM-SHA-512"));
  }

  @Test
  void kafkaSettingsAreHandedOn() {
    Map<String, String> given = new HashMap<>(REQUIRED);
    given.put("nova.kafka.property.security.protocol", "SSL");

    assertThat(CheckedOptions.of(given).kafkaProperties())
        .containsExactly(Map.entry("security.protocol", "SSL"));
  }

  @Test
  void catalogPropertiesAreHandedOnAndNeverShown(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("catalog.properties");
    Files.writeString(file, "jdbc.password=geheim\njdbc.user=other\n");
    Map<String, String> given = new HashMap<>(REQUIRED);
    given.put("nova.catalog.type", "jdbc");
    given.put("nova.catalog.uri", "jdbc:x:y");
    given.put("nova.catalog.jdbc.user", "nova");
    given.put("nova.catalog.properties-file", file.toString());

    CatalogAddress address = CheckedOptions.of(given).catalog();

    assertThat(address.properties())
        .containsOnly(
            Map.entry("type", "jdbc"),
            Map.entry("uri", "jdbc:x:y"),
            Map.entry("jdbc.user", "nova"),
            Map.entry("jdbc.password", "geheim"));
    assertThat(address.forIceberg()).containsEntry("warehouse", "file:///w");
    assertThat(address.toString()).doesNotContain("geheim").contains("jdbc.password");
    assertThat(CheckedOptions.of(REQUIRED).catalog()).isEqualTo(CatalogAddress.hadoop("file:///w"));
  }

  private static CheckedOptions with(String... namesAndValues) {
    Map<String, String> given = new HashMap<>(REQUIRED);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      given.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return CheckedOptions.of(given);
  }

  @Test
  void valuesAreJsonUnlessAFormatIsNamed(@TempDir Path folder) throws Exception {
    Path schema = Files.writeString(folder.resolve("event.avsc"), "\"long\"");
    Path secret = Files.writeString(folder.resolve("auth"), "Bearer secret\n");

    assertThat(CheckedOptions.of(REQUIRED).valueSettings()).isEqualTo(ValueSettings.JSON);
    assertThat(
            with("nova.value.format", "avro", "nova.value.schema-file", schema.toString())
                .valueSettings())
        .isEqualTo(ValueSettings.avro("\"long\""));
    assertThat(
            with(
                    "nova.value.format",
                    "protobuf",
                    "nova.registry.url",
                    "http://127.0.0.1:8081/apis",
                    "nova.registry.auth-file",
                    secret.toString())
                .valueSettings())
        .isEqualTo(
            ValueSettings.registry(
                ValueFormat.PROTOBUF, "http://127.0.0.1:8081/apis", "Bearer secret"))
        .extracting(ValueSettings::toString)
        .isEqualTo("protobuf of http://127.0.0.1:8081/apis");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "nova.value.format=xml; nova.value.format; one of [json, avro, protobuf]",
        "nova.value.format=avro; nova.registry.url; nova.value.schema-file",
        "nova.value.format=protobuf; nova.registry.url; because the values are protobuf",
        "nova.value.format=protobuf,nova.value.schema-file=a; nova.registry.url; protobuf",
        "nova.registry.url=http://a; nova.registry.url; because the values are json",
        "nova.value.schema-file=a; nova.value.schema-file; because the values are json",
        "nova.registry.auth-file=a; nova.registry.auth-file; nothing without nova.registry.url",
        "nova.value.format=avro,nova.value.schema-file=none.avsc; nova.value.schema-file; can be read",
        "nova.value.format=avro,nova.registry.url=ftp://a; nova.registry.url; http or https",
        "nova.value.format=avro,nova.registry.url=http://u:secret@a; nova.registry.url; no user",
        "nova.value.format=avro,nova.registry.url=http://a,nova.value.schema-file=b; nova.value.schema-file; nothing together",
        "nova.value.format=avro,nova.registry.url=http://a,nova.registry.auth-file=none; nova.registry.auth-file; can be read",
      })
  void optionsAboutTheFormatFitTogether(String given, String option, String expected) {
    String[] words = given.split("[=,]");

    assertThatThrownBy(() -> with(words))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Option " + option)
        .hasMessageContaining(expected)
        .hasMessageContaining("The job is not started.")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aFileThatIsNoAvroSchemaIsRefused(@TempDir Path folder) throws Exception {
    Path schema = Files.writeString(folder.resolve("event.avsc"), "{\"type\":\"recrod\"}");

    assertThatThrownBy(
            () -> with("nova.value.format", "avro", "nova.value.schema-file", schema.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nova.value.schema-file")
        .hasMessageContaining("expected an Avro schema: found no Avro schema");
  }
}
