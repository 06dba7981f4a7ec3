package io.nova.live.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.event.row.EventSchema;
import io.nova.live.client.LiveRows;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.LiveException;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.RowsRequest;
import io.nova.shard.BlockView;
import io.nova.shard.log.SegmentView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.apache.commons.io.FileUtils;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionParser;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveServerTest {
  private static final String ALL = ExpressionParser.toJson(Expressions.alwaysTrue());

  private ServedShard served;

  @BeforeEach
  void start() throws IOException {
    served = new ServedShard();
  }

  @AfterEach
  void stop() {
    served.close();
  }

  private List<GenericRecord> matching(Predicate<GenericRecord> kept) {
    return served.rows.stream().filter(kept).toList();
  }

  private static int id(String column) {
    return (Integer) EventSchema.avro().getField(column).getObjectProp("field-id");
  }

  @Test
  void everyColumnOfEveryRowComesAsItWasAdmitted() throws IOException {
    served.admit(2_000);
    served.publish();
    PinnedView pinned = served.pin();

    assertThat(served.all(pinned))
        .isEqualTo(ServedShard.columns(served.rows, ServedShard.allColumns()));
    assertThat(pinned.open()).hasSize(1);
    assertThat(pinned.open().get(0).rows()).isEqualTo(2_000);
    assertThat(pinned.generation()).isEqualTo(ServedShard.RUN);
  }

  @Test
  void columnsComeInTheOrderAskedForWithTheirFieldIds() throws IOException {
    served.admit(500);
    served.publish();
    PinnedView pinned = served.pin();
    List<Integer> columns = new ArrayList<>(ServedShard.allColumns());
    for (int round = 0; round < 20; round++) {
      Collections.shuffle(columns, new Random(round));
      List<Integer> some = columns.subList(0, 1 + round * 3);

      assertThat(served.ask(pinned, some, ALL, Long.MAX_VALUE))
          .isEqualTo(ServedShard.columns(served.rows, some));
      RowsRequest request =
          new RowsRequest(pinned.lease(), List.of(ServedShard.SHARD), some, ALL, 1);
      try (LiveRows rows = served.client.rows(served.announcement(), request)) {
        assertThat(rows.schema().getFields())
            .extracting(f -> (Integer) f.getObjectProp("field-id"))
            .isEqualTo(some);
      }
    }
  }

  @Test
  void filtersKeepTheRowsThatAPlainListKeeps() throws IOException {
    served.admit(3_000);
    served.publish();
    PinnedView pinned = served.pin();
    record Case(Expression filter, Predicate<GenericRecord> kept) {}
    List<Case> cases =
        List.of(
            new Case(Expressions.equal("city", "é"), r -> "é".equals(text(r, "city"))),
            new Case(Expressions.startsWith("user", "op"), r -> starts(text(r, "user"), "op")),
            new Case(Expressions.isNull("extra"), r -> r.get("extra") == null),
            new Case(Expressions.equal("paying", true), r -> Objects.equals(r.get("paying"), true)),
            new Case(Expressions.lessThan("shard", -2), r -> (Integer) r.get("shard") < -2),
            new Case(
                Expressions.greaterThan("location_lat", 1.5),
                r -> r.get("location_lat") != null && (Double) r.get("location_lat") > 1.5),
            new Case(
                Expressions.in("app", 1L, 5L, -7L),
                r -> r.get("app") != null && List.of(1L, 5L, -7L).contains(r.get("app"))),
            new Case(
                Expressions.greaterThanOrEqual("server_upload_time", 50L),
                r -> (Long) at(r, "server_upload_time", -1L) >= 50),
            new Case(
                Expressions.and(
                    Expressions.notNull("event_type"),
                    Expressions.or(
                        Expressions.equal("conflicting", false),
                        Expressions.lessThan("kafka_offset", 100L))),
                r ->
                    r.get("event_type") != null
                        && (Objects.equals(r.get("conflicting"), false)
                            || (Long) r.get("kafka_offset") < 100)),
            new Case(Expressions.alwaysFalse(), r -> false));
    List<Integer> columns = List.of(id("kafka_offset"), id("city"), id("location_lng"));
    for (Case each : cases) {
      List<GenericRecord> expected = matching(each.kept());
      String filter = RowsRequest.of("", List.of(), List.of(), each.filter(), 0).filter();

      assertThat(served.ask(pinned, columns, filter, Long.MAX_VALUE))
          .as(filter)
          .isEqualTo(ServedShard.columns(expected, columns));
      assertThat(served.ask(pinned, List.of(), filter, Long.MAX_VALUE))
          .as(filter)
          .hasSameSizeAs(expected);
    }
  }

  private static String text(GenericRecord row, String column) {
    Object value = row.get(column);
    return value == null ? null : value.toString();
  }

  private static boolean starts(String text, String with) {
    return text != null && text.startsWith(with);
  }

  private static Object at(GenericRecord row, String column, Object otherwise) {
    return row.get(column) == null ? otherwise : row.get(column);
  }

  @Test
  void rowsWithoutColumnsAreCounted() throws IOException {
    served.admit(5_000);
    served.spill();
    served.admit(7);
    served.publish();

    assertThat(served.ask(served.pin(), List.of(), ALL, Long.MAX_VALUE)).hasSize(5_007);
    assertThat(served.ask(served.pin(), List.of(), ALL, 4_999)).hasSize(4_999);
  }

  @Test
  void limitEndsTheAnswer() throws IOException {
    served.admit(3_000);
    served.publish();
    PinnedView pinned = served.pin();
    List<Integer> offset = List.of(id("kafka_offset"));

    assertThat(served.ask(pinned, offset, ALL, 1_700))
        .isEqualTo(ServedShard.columns(served.rows.subList(0, 1_700), offset));
    assertThat(served.ask(pinned, offset, ALL, 0)).isEmpty();
  }

  @Test
  void rowsOfALeaseStayTheSameWhileTheShardGoesOnAndSeals() throws IOException {
    served.admit(1_500);
    served.publish();
    PinnedView pinned = served.pin();
    List<List<Object>> then = ServedShard.columns(served.rows, ServedShard.allColumns());

    served.admit(1_500);
    served.publish();
    assertThat(served.all(pinned)).isEqualTo(then);
    assertThat(served.all(served.pin())).hasSize(3_000);
    served.seal();
    served.publish();
    assertThat(served.all(pinned)).isEqualTo(then);
    assertThat(served.pin().open()).isEmpty();
  }

  @Test
  void spilledRowsComeBackFromTheLog() throws IOException {
    served.admit(3_000);
    served.spill();
    served.admit(100);
    served.publish();

    assertThat(served.all(served.pin()))
        .isEqualTo(ServedShard.columns(served.rows, ServedShard.allColumns()));
  }

  @Test
  void spilledRowsThatHaveLeftTheLogAreRefusedNotLeftOut() throws IOException {
    served.admit(3_000);
    served.spill();
    served.publish();
    PinnedView pinned = served.pin();
    served.seal();

    assertRefused(410, "in the log only", () -> served.all(pinned));
  }

  @Test
  void rowsOfALatePartAreNotTakenForThoseOfTheSpilledBlockBeforeIt() throws IOException {
    served.admit(3_000);
    served.spill();
    served.publish();
    PinnedView pinned = served.pin();
    served.seal();
    served.admit(3_000);
    served.spill();

    assertRefused(410, "in the log only", () -> served.all(pinned));
  }

  @Test
  void spilledRowsThatWereSealedMeanwhileComeFromTheirBlockFile(@TempDir Path folder)
      throws IOException {
    served.admit(9_000);
    served.spill();
    served.admit(100);
    served.publish();
    PinnedView pinned = served.pin();
    List<List<Object>> then = ServedShard.columns(served.rows, ServedShard.allColumns());
    served.admit(3_000);
    served.sealInto(folder);
    served.admit(3_000);
    served.spill();
    served.sealInto(folder);

    assertThat(served.all(pinned)).isEqualTo(then);
    List<Integer> offset = List.of(id("kafka_offset"));
    assertThat(served.ask(pinned, offset, ALL, 5_000))
        .isEqualTo(ServedShard.columns(served.rows.subList(0, 5_000), offset));
  }

  @Test
  void aBlockFileThatIsGoneIsAFailureNotAnEarlyEnd(@TempDir Path folder) throws IOException {
    served.admit(3_000);
    served.spill();
    served.publish();
    PinnedView pinned = served.pin();
    served.sealInto(folder.resolve("gone"));
    FileUtils.deleteDirectory(folder.resolve("gone").toFile());

    assertRefused(500, "cannot be read", () -> served.all(pinned));
  }

  @Test
  void rowsThatBreakOffAreAFailureWithTheServersReason() throws IOException {
    served.admit(20_000);
    List<SegmentView> segments = new ArrayList<>(served.view().open().get(0).segments());
    served.spill();
    List<SegmentView> spilled = served.view().open().get(0).segments();
    assertThat(spilled).hasSizeGreaterThan(5);
    segments.subList(4, segments.size()).clear();
    segments.addAll(spilled.subList(4, spilled.size()));
    BlockView mixed = new BlockView(ServedShard.SHARD, 0, 20_000, 1, segments);
    served.server.publish(served.view(List.of(mixed)));
    PinnedView pinned = served.pin();
    assertThat(served.all(pinned)).hasSize(20_000);
    served.seal();

    assertThatIOException()
        .isThrownBy(() -> served.all(pinned))
        .withMessageContaining("its rows broke off after the first")
        .withMessageContaining("the log no longer has them. Pin the live view again")
        .isNotInstanceOf(LiveException.class);
  }

  @Test
  void wrongTokenOlderGenerationAndUnknownThingsAreRefusedWithASentence() throws IOException {
    served.admit(10);
    assertRefused(503, "not published", () -> served.pin());
    served.publish();
    PinnedView pinned = served.pin();

    assertRefused(401, "not the job's", () -> served.client.pin(served.announcement("other")));
    Announcement older =
        new Announcement(
            1, "run-0", 0, 0, "127.0.0.1", served.server.port(), false, "secret", false, List.of());
    assertRefused(409, "run-0", () -> served.client.pin(older));
    assertRefused(400, "columns 1 to", () -> served.ask(pinned, List.of(99), ALL, 1));
    assertRefused(400, "twice", () -> served.ask(pinned, List.of(1, 1), ALL, 1));
    assertRefused(400, "Filter", () -> served.ask(pinned, List.of(1), "{\"type\":\"eq\"}", 1));
    assertRefused(400, "Filter", () -> served.ask(pinned, List.of(1), "", 1));
    assertRefused(
        400,
        "Filter",
        () -> served.ask(pinned, List.of(), ExpressionParser.toJson(Expressions.isNull("x")), 1));
    assertRefused(
        400,
        "[4]",
        () ->
            served.client.rows(
                served.announcement(),
                new RowsRequest(pinned.lease(), List.of(4), List.of(), ALL, 1)));
  }

  @Test
  void releasedLeaseIsOver() throws IOException {
    served.admit(10);
    served.publish();
    PinnedView pinned = served.pin();
    served.client.renew(served.announcement(), pinned.lease());
    served.client.release(served.announcement(), pinned.lease());
    served.client.release(served.announcement(), pinned.lease());

    assertRefused(410, "released", () -> served.all(pinned));
    assertRefused(
        410, "released", () -> served.client.renew(served.announcement(), pinned.lease()));
    assertThat(served.server.leases()).isZero();
  }

  private interface Question {
    void ask() throws IOException;
  }

  private static void assertRefused(int status, String sentence, Question question) {
    assertThatThrownBy(question::ask)
        .isInstanceOfSatisfying(
            LiveException.class, e -> assertThat(e.status()).as(e.getMessage()).isEqualTo(status))
        .hasMessageContaining(sentence);
  }
}
