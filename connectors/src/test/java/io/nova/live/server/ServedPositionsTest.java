package io.nova.live.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.iceberg.Storage;
import io.nova.live.protocol.SubtaskView;
import io.nova.live.protocol.SubtaskView.Behind;
import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.shard.progress.ReadPositions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServedPositionsTest {
  @TempDir private Path table;

  private ServedPositions begin(String generation, int subtask) throws IOException {
    return new ServedPositions(
        Storage.configuration(), table.toUri().toString(), "events", generation, subtask);
  }

  private static SubtaskView shown(Map<Integer, Long> readTo) {
    return new SubtaskView(
        "g", List.of(), List.of(), List.of(), List.of(), readTo, List.of(), Checkpointed.NOTHING);
  }

  private static ReadPositions read(Map<Integer, Long> offsets) {
    ReadPositions positions = new ReadPositions();
    positions.readAll(offsets);
    return positions;
  }

  private List<String> records() {
    try (Stream<Path> files = Files.list(table.resolve("live/served"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aRunIsBehindWhereAnyEarlierOneHasShownMoreThanItHasRead() throws IOException {
    begin("g1", 0).record(shown(Map.of(0, 10L, 1, 5L)));
    begin("g1", 1).record(shown(Map.of(0, 12L)));
    begin("g2", 0).record(shown(Map.of(2, 1L)));

    assertThat(begin("g3", 0).behind(read(Map.of(0, 11L, 1, 5L))))
        .containsExactly(new Behind(0, 11, 12), new Behind(2, -1, 1));
    assertThat(begin("g4", 7).behind(read(Map.of(0, 12L, 1, 9L, 2, 1L)))).isEmpty();
  }

  @Test
  void aRunThatNobodyAskedIsNotBehind() throws IOException {
    assertThat(begin("g1", 0).behind(read(Map.of()))).isEmpty();
    assertThat(begin("g2", 0).behind(read(Map.of()))).isEmpty();
  }

  @Test
  void whatIsNotMoreThanBeforeIsNotWrittenAgainAndARecordTakesThePlaceOfTheLast()
      throws IOException {
    ServedPositions served = begin("g1", 0);
    served.record(shown(Map.of(0, 10L)));
    served.record(shown(Map.of(0, 9L)));
    assertThat(records()).containsExactly("g1-0-0.json");
    served.record(shown(Map.of(0, 11L)));
    assertThat(records()).containsExactly("g1-0-1.json");
  }

  @Test
  void recordsOfAnotherTopicAreLeftAlone() throws IOException {
    new ServedPositions(Storage.configuration(), table.toUri().toString(), "others", "g1", 0)
        .record(shown(Map.of(0, 10L)));

    assertThat(begin("g2", 0).behind(read(Map.of()))).isEmpty();
  }

  @Test
  void oldRecordsGoWhenANewRunHasTakenThemOver() throws IOException {
    begin("g1", 0).record(shown(Map.of(0, 10L)));
    Files.setLastModifiedTime(
        table.resolve("live/served/g1-0-0.json"), FileTime.fromMillis(1_000_000));

    begin("g2", 0);
    assertThat(records()).containsExactly("g2-0-0.json");
    assertThat(begin("g3", 0).behind(read(Map.of()))).containsExactly(new Behind(0, -1, 10));
  }

  private ServedPositions beginOn(FaultyFileSystem.Fault fault) throws IOException {
    return new ServedPositions(
        FaultyFileSystem.configuration(fault), "faulty://" + table, "events", "g1", 0);
  }

  @ParameterizedTest
  @EnumSource(FaultyFileSystem.Fault.class)
  void oneFailureIsNotInTheWayOfTheNextRecord(FaultyFileSystem.Fault fault) throws IOException {
    ServedPositions served = beginOn(FaultyFileSystem.Fault.NONE);
    served.record(shown(Map.of(0, 10L)));
    FaultyFileSystem.next(fault);
    try {
      served.record(shown(Map.of(0, 11L)));
    } catch (IOException refused) {
      assertThat(fault).isNotEqualTo(FaultyFileSystem.Fault.DELETE_FAILS);
    }
    FaultyFileSystem.next(FaultyFileSystem.Fault.NONE);

    served.record(shown(Map.of(0, 12L)));
    served.record(shown(Map.of(0, 13L)));
    assertThat(records()).hasSize(1);
    assertThat(begin("g2", 0).behind(read(Map.of()))).containsExactly(new Behind(0, -1, 13));
    try (Stream<Path> left = Files.list(table.resolve("live/served"))) {
      assertThat(left.map(Path::toString)).noneMatch(name -> name.endsWith(".tmp"));
    }
  }

  private static Stream<Arguments> pairsOfFaults() {
    return Stream.of(FaultyFileSystem.Fault.values())
        .flatMap(
            one -> Stream.of(FaultyFileSystem.Fault.values()).map(two -> Arguments.of(one, two)));
  }

  @ParameterizedTest
  @MethodSource("pairsOfFaults")
  void twoFailuresInARowLoseNoPosition(FaultyFileSystem.Fault one, FaultyFileSystem.Fault two)
      throws IOException {
    ServedPositions served = beginOn(FaultyFileSystem.Fault.NONE);
    long offset = 10;
    long recorded = 9;
    for (FaultyFileSystem.Fault fault :
        List.of(FaultyFileSystem.Fault.NONE, one, two, FaultyFileSystem.Fault.NONE)) {
      FaultyFileSystem.next(fault);
      try {
        served.record(shown(Map.of(0, offset)));
        recorded = offset;
      } catch (IOException refused) {
        assertThat(fault).isNotEqualTo(FaultyFileSystem.Fault.NONE);
      }
      FaultyFileSystem.next(FaultyFileSystem.Fault.NONE);
      assertThat(begin("g2-" + offset, 0).behind(read(Map.of())).get(0).servedTo())
          .isGreaterThanOrEqualTo(recorded);
      offset++;
    }
    assertThat(recorded).isEqualTo(13);
  }

  @Test
  void aStartThatFailedDoesNotTakeTheNamesOfTheNextInTheSameRun() throws IOException {
    beginOn(FaultyFileSystem.Fault.NONE).record(shown(Map.of(0, 10L)));
    ServedPositions again = beginOn(FaultyFileSystem.Fault.NONE);
    again.record(shown(Map.of(0, 11L)));

    assertThat(records()).hasSize(1);
    assertThat(begin("g2", 0).behind(read(Map.of()))).containsExactly(new Behind(0, -1, 11));
  }

  @Test
  void oldRecordsThatCannotBeDeletedDoNotStopAStart() throws IOException {
    begin("g0", 0).record(shown(Map.of(0, 10L)));
    Path unfinished = Files.writeString(table.resolve("live/served/.g0-0-1.tmp"), "{");
    for (Path old : List.of(table.resolve("live/served/g0-0-0.json"), unfinished)) {
      Files.setLastModifiedTime(old, FileTime.fromMillis(1_000_000));
    }
    beginOn(FaultyFileSystem.Fault.DELETE_FAILS).record(shown(Map.of(0, 11L)));
    assertThat(records()).contains("g0-0-0.json");

    begin("g2", 0);
    assertThat(records()).doesNotContain("g0-0-0.json");
    assertThat(unfinished).doesNotExist();
  }

  /** It may be the only one with the newest positions, so no run goes on without it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{\"version\":1,\"topic\":\"events\",\"readTo\":{\"0\":1",
        "{\"version\":1,\"topic\":\"events\"}",
        "{\"version\":1,\"readTo\":{}}",
        "{\"version\":1,\"topic\":\"events\",\"readTo\":{\"0\":1}}{",
        "\u0000\u0000"
      })
  void aDamagedRecordIsNamedWithTheWayOn(String content) throws IOException {
    begin("g1", 0).record(shown(Map.of(0, 10L)));
    Path damaged = Files.writeString(table.resolve("live/served/g1-1-0.json"), content);

    assertThatThrownBy(() -> begin("g2", 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("g1-1-0.json: found " + content.length() + " bytes")
        .hasMessageContaining("Delete the file");
    Files.delete(damaged);
    assertThat(begin("g2", 0).behind(read(Map.of()))).containsExactly(new Behind(0, -1, 10));
  }

  @Test
  void version1IsReadAndANewerOneIsRefused() throws IOException {
    Path folder = Files.createDirectories(table.resolve("live/served"));
    try (InputStream golden =
        Objects.requireNonNull(getClass().getResourceAsStream("/formats/served-v1.json"))) {
      Files.write(folder.resolve("g1-0-0.json"), golden.readAllBytes());
    }
    assertThat(begin("g2", 0).behind(read(Map.of(3, 41L)))).containsExactly(new Behind(3, 41, 42));

    Files.writeString(
        folder.resolve("g9-0-0.json"), "{\"version\":2,\"topic\":\"events\",\"readTo\":{}}");
    assertThatThrownBy(() -> begin("g3", 0)).hasMessageContaining("version 2 found, 1 expected");
  }
}
