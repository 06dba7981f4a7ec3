package io.nova.event.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.EventFields;
import io.nova.event.Parsed;
import io.nova.event.TestMessages;
import io.nova.event.row.RowBatch;
import io.nova.event.row.RowEncoder;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuditDigestTest {
  private static AuditedIdentity row(@Nullable String device, @Nullable String insertId) {
    return new AuditedIdentity(7, null, null, device, insertId, null);
  }

  private static AuditedIdentity counted(long i) {
    return new AuditedIdentity(1, i, -i, "d" + i % 3, null, null);
  }

  private static AuditDigest of(List<AuditedIdentity> rows) {
    AuditDigest digest = new AuditDigest();
    rows.forEach(digest::add);
    return digest;
  }

  @Test
  void noRowsHaveTheDigestZero() {
    assertThat(new AuditDigest().hex()).isEqualTo("0".repeat(32));
    assertThat(new AuditDigest().rows()).isZero();
  }

  /** The expected values come from Python's hashlib. */
  @Test
  void digestOfOneRowIsThePublishedHash() {
    assertThat(of(List.of(row("é", "a,b"))).hex()).isEqualTo("2eeed953a9e6d49eb3efd56a63f690ce");
    assertThat(of(List.of(new AuditedIdentity(-1, 2L, -3L, null, "", "u"))).hex())
        .isEqualTo("f6b6a5704be4f92ccf632befd59870a4");
  }

  @Test
  void sumIsModulo2To128() {
    assertThat(of(LongStream.range(0, 1000).mapToObj(AuditDigestTest::counted).toList()).hex())
        .isEqualTo("7af62dfcda4bb25efaac2a9d38ada2b9");
  }

  @Test
  void orderAndGroupingDoNotMatter() {
    AuditDigest inOrder = of(List.of(counted(1), counted(2), counted(3)));
    AuditDigest merged = of(List.of(counted(3)));
    merged.add(of(List.of(counted(2), counted(1))));

    assertThat(merged.hex()).isEqualTo(inOrder.hex());
    assertThat(merged.rows()).isEqualTo(3);
  }

  @Test
  void valuesDoNotRunIntoEachOther() {
    assertThat(
            List.of(row("a", null), row(null, "a"), row("", "a"), row("a,-", "a"), row("-", "a")))
        .extracting(one -> of(List.of(one)).hex())
        .doesNotHaveDuplicates();
  }

  @Test
  void doubledRowChangesTheDigest() {
    assertThat(of(List.of(counted(1), counted(1))).hex())
        .isNotEqualTo(of(List.of(counted(1))).hex());
  }

  /** The same event, once as values and once as an encoded row. */
  @Test
  void encodedRowHasTheDigestOfItsValues() {
    byte[] some =
        row(
            parsed(
                "{\"app\":7,\"event_id\":-4,\"device_id\":\"é\",\"$insert_id\":\"a,b\",\"uuid\":\"u\","
                    + "\"client_event_time\":\"1969-12-31 23:59:59.999997\","
                    + "\"server_upload_time\":\"2026-11-20 10:00:00\"}"));
    AuditDigest encoded = new AuditDigest();
    RowBatch batch = new RowBatch();
    assertThat(batch.add(some, 0)).isFalse();
    encoded.add(batch, 0, some);

    assertThat(encoded.hex())
        .isEqualTo(of(List.of(new AuditedIdentity(7, -4L, -3L, "é", "a,b", "u"))).hex());
    assertThat(encoded.rows()).isEqualTo(1);
  }

  private static EventFields parsed(String message) {
    return ((Parsed.Event) TestMessages.parse(message)).fields();
  }

  private static byte[] row(EventFields fields) {
    return new RowEncoder().encode(fields, new RowEncoder.Placement(1, 2, "events", 3, 4));
  }
}
