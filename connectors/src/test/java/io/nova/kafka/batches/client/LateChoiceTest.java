package io.nova.kafka.batches.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.identity.FingerprintKey;
import io.nova.event.mapping.Mapping;
import io.nova.event.row.EventSchema;
import io.nova.iceberg.TableRules;
import io.nova.kafka.PolicyRules;
import io.nova.policy.Policy;
import io.nova.shard.ConflictRule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Blocks of five minutes, and a dedup window of ten. */
class LateChoiceTest {
  private static final Instant TEN = Instant.parse("2026-11-21T10:00:00Z");

  private static final LateRowReader READER =
      new LateRowReader(
          new TableRules(
              4,
              Duration.ofMinutes(5),
              Duration.ofHours(1),
              FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f")),
          Mapping.amplitude(),
          PolicyRules.always(
              new Policy(List.of(), Duration.ofMinutes(10), ConflictRule.KEEP_FIRST)));

  private final List<LateRow> offered = new ArrayList<>();

  private static LateRow late(String id, int minute, boolean mayBeCopy) {
    Instant upload = TEN.plus(Duration.ofMinutes(minute));
    String text =
        "{\"app\":7,\"device_id\":\"d\",\"$insert_id\":\"%s\",\"server_upload_time\":\"%s\"}"
            .formatted(id, upload);
    return READER.read(
        new LateEvent(
            mayBeCopy ? "unknown" : "batch_closed",
            mayBeCopy,
            upload,
            "events",
            0,
            minute,
            0,
            null,
            text));
  }

  private void offer(String id, int minute, boolean mayBeCopy) {
    offered.add(late(id, minute, mayBeCopy));
  }

  /** The row that a table has of an event. */
  private static LateRowReader.Stored row(String id, int minute) {
    return READER.stored(column -> value(decoded(late(id, minute, false)), column)).orElseThrow();
  }

  private static GenericRecord decoded(LateRow late) {
    try {
      return new GenericDatumReader<GenericRecord>(EventSchema.avro())
          .read(null, DecoderFactory.get().binaryDecoder(late.row().array(), null));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** As Iceberg's generic reader has it. */
  private static @Nullable Object value(GenericRecord row, String column) {
    Object value = row.get(column);
    if (value instanceof Long micros && isTime(column)) {
      return OffsetDateTime.ofInstant(
          Instant.EPOCH.plus(micros, ChronoUnit.MICROS), ZoneOffset.UTC);
    }
    return value instanceof CharSequence text ? text.toString() : value;
  }

  private static boolean isTime(String column) {
    return EventSchema.avro().getField(column).schema().getTypes().stream()
        .map(Schema::getLogicalType)
        .anyMatch(type -> type != null);
  }

  private static List<Integer> minutes(LateChoice choice) {
    return choice.chosen().stream().map(late -> (int) late.event().offset()).toList();
  }

  @Test
  void anIdentityIsAddedOnceWithinItsWindow() {
    offer("a", 0, false);
    offer("a", 10, true);
    offer("b", 10, false);
    offer("a", 15, false);

    assertThat(minutes(new LateChoice(offered))).containsExactly(0, 10, 15);
    assertThat(new LateChoice(offered).chosen().get(1).row()).isEqualTo(offered.get(2).row());
  }

  @Test
  void anEventIsAddedOnlyWithoutAnAdmittedRowInItsWindow() {
    offer("a", 30, true);
    offer("b", 30, true);
    offer("c", 30, false);
    offer("d", 30, false);
    LateChoice choice = new LateChoice(offered);

    choice.noteAdmitted(row("a", 44));
    choice.noteAdmitted(row("b", 45));
    choice.noteAdmitted(row("c", 30));
    choice.noteAdmitted(row("d", 15));

    assertThat(choice.chosen())
        .extracting(LateRow::row)
        .containsExactly(offered.get(1).row(), offered.get(3).row());
  }

  /** A shard rejects a conflicting payload of a closed batch as new. */
  @Test
  void anEventThatIsKeptBesideItsCopyIsAdded() {
    LateRow late = late("a", 30, false);
    LateRow beside =
        new LateRow(
            late.event(),
            late.fingerprint(),
            late.interval(),
            late.windowBlocks(),
            true,
            late.row());
    LateChoice choice = new LateChoice(List.of(beside));

    choice.noteAdmitted(row("a", 30));

    assertThat(choice.chosen()).containsExactly(beside);
  }

  @Test
  void aLateRowOfAnotherBatchRulesOutEveryCopy() {
    offer("a", 0, false);
    offer("b", 0, true);
    LateChoice choice = new LateChoice(offered);

    choice.noteLate(row("a", -10));
    choice.noteLate(row("b", -15));

    assertThat(choice.chosen()).extracting(LateRow::row).containsExactly(offered.get(1).row());
  }

  @Test
  void theFirstCopyIsChosenAmongThoseThatAreLeft() {
    offer("a", 0, true);
    offer("a", 10, true);
    LateChoice choice = new LateChoice(offered);

    choice.noteAdmitted(row("a", -10));
    choice.noteAdmitted(row("other", 0));
    choice.noteLate(row("other", 0));

    assertThat(minutes(choice)).containsExactly(10);
  }
}
