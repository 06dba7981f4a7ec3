package io.nova.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.NovaWarehouse;
import io.nova.event.identity.FingerprintKey;
import io.nova.event.row.EventSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTableTest {
  private static final TableRules RULES = NovaWarehouse.RULES;

  @TempDir private Path folder;

  private String path() {
    return folder.resolve("ware house").toString();
  }

  private static TableRules rules(int shards, Duration interval, Duration batch) {
    return new TableRules(shards, interval, batch, FingerprintKey.draw());
  }

  @Test
  void tableIsFoundAsItWasBorn() {
    assertThat(EventTable.find(path())).isEmpty();
    EventTable.findOrCreate(path(), RULES);

    TableRules found = EventTable.find(path()).orElseThrow().rules();

    assertThat(found.shards()).isEqualTo(RULES.shards());
    assertThat(found.blockInterval()).isEqualTo(RULES.blockInterval());
    assertThat(found.batchLength()).isEqualTo(RULES.batchLength());
    assertThat(found.fingerprintKey().hex()).isEqualTo(RULES.fingerprintKey().hex());
  }

  @Test
  void warehouseMayBeAUri() {
    EventTable.findOrCreate(folder.toUri() + "w", RULES);

    assertThat(EventTable.find(folder.resolve("w").toString())).isPresent();
  }

  @Test
  void storageThatDoesNotAnswerIsNamedWithItsReason() {
    assertThatThrownBy(() -> EventTable.findOrCreate("hdfs:///warehouse", RULES))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            "Warehouse hdfs:///warehouse cannot be used: java.io.IOException: Incomplete HDFS URI,"
                + " no host: hdfs:///warehouse. The job is not started.");
  }

  @Test
  void keyIsDrawnOncePerTable() {
    EventTable.findOrCreate(path(), RULES);
    TableRules asked = rules(RULES.shards(), RULES.blockInterval(), RULES.batchLength());

    assertThat(EventTable.findOrCreate(path(), asked).rules().fingerprintKey().hex())
        .isEqualTo(RULES.fingerprintKey().hex());
  }

  @Test
  void tableWithOtherRulesIsNotOpened() {
    EventTable.findOrCreate(path(), RULES);
    Duration interval = RULES.blockInterval();
    Duration batch = RULES.batchLength();
    for (TableRules asked :
        List.of(
            rules(3, interval, batch),
            rules(2, Duration.ofMinutes(10), batch),
            rules(2, interval, Duration.ofHours(1)))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> EventTable.findOrCreate(path(), asked))
          .withMessageContaining("was created with")
          .withMessageContaining("use another warehouse");
    }
  }

  @Test
  void tableOfAnotherMakeOrANewerNovaIsRefused() {
    Table table = EventTable.findOrCreate(path(), RULES).iceberg();
    table.updateProperties().set("nova.format-version", "2").commit();
    assertThatIllegalStateException()
        .isThrownBy(() -> EventTable.find(path()))
        .withMessageContaining("nova.format-version is 2, expected 1");
    table.updateProperties().set("nova.format-version", "1").remove("nova.shards").commit();
    assertThatIllegalStateException()
        .isThrownBy(() -> EventTable.find(path()))
        .withMessageContaining("nova.shards is missing");
  }

  @Test
  void handleThatSleptForSixtyCommitsIsRefreshed() {
    EventTable sleeper = EventTable.findOrCreate(path(), RULES);
    Table writer = EventTable.find(path()).orElseThrow().iceberg();
    for (int commit = 0; commit < 60; commit++) {
      writer.newFastAppend().commit();
    }

    assertThat(sleeper.refresh().iceberg().currentSnapshot()).isEqualTo(writer.currentSnapshot());
    sleeper.iceberg().newFastAppend().commit();
    writer.refresh();
    assertThat(writer.snapshots()).hasSize(61);
  }

  @Test
  void metadataIsCompressedAndEngineDefaultsExpireNothing() throws IOException {
    Table table = EventTable.findOrCreate(path(), RULES).iceberg();
    for (int commit = 0; commit < 3; commit++) {
      table.newFastAppend().commit();
    }

    try (Stream<Path> all = Files.list(folder.resolve("ware house/nova/events/metadata"))) {
      assertThat(all.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.endsWith(".metadata.json"))
          .hasSize(4)
          .allMatch(name -> name.endsWith(".gz.metadata.json"));
    }
    assertThat(table.expireSnapshots().apply()).isEmpty();
  }

  @Test
  void handleOfATableThatWasCreatedAgainFails() throws IOException {
    EventTable sleeper = EventTable.findOrCreate(path(), RULES);
    sleeper.iceberg().newFastAppend().commit();
    FileUtils.deleteDirectory(folder.resolve("ware house").toFile());
    EventTable.findOrCreate(path(), RULES);

    assertThatIllegalStateException()
        .isThrownBy(sleeper::refresh)
        .withMessageContaining("removed and created again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0.0000005S", "PT0.0005S", "PT300.0005S", "PT0S", "PT-1S"})
  void lengthThatIsNoWholeMillisecondMakesNoTable(String length) {
    Duration odd = Duration.parse(length);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventTable.findOrCreate(path(), rules(2, odd, odd.multipliedBy(2))))
        .withMessageContaining("Block interval " + odd);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventTable.findOrCreate(path(), rules(2, Duration.ofMillis(1), odd)))
        .withMessageContaining("Batch length " + odd);
    assertThat(EventTable.find(path())).isEmpty();
  }

  @Test
  void batchesAndIntervalsMustFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rules(0, Duration.ofMinutes(5), Duration.ofDays(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rules(1, Duration.ofMinutes(7), Duration.ofDays(1)));
    assertThat(RULES.batchOf(-1)).isEqualTo(-1);
    assertThat(RULES.batchOf(86_400_000_000L)).isEqualTo(1);
  }

  @Test
  void schemaHasTheFieldIdsOfTheFormat() {
    Table table = EventTable.findOrCreate(path(), RULES).iceberg();

    assertThat(table.schema().columns())
        .extracting(Types.NestedField::fieldId)
        .containsExactlyElementsOf(
            EventSchema.avro().getFields().stream()
                .map(field -> (Integer) field.getObjectProp("field-id"))
                .toList());
    assertThat(table.spec().fields())
        .singleElement()
        .extracting(f -> f.name())
        .isEqualTo("batch_number");
  }
}
