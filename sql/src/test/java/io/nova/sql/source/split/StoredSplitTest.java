package io.nova.sql.source.split;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.live.protocol.Announcement;
import io.nova.shard.progress.RunCheckpoint;
import io.nova.sql.source.split.FileRange.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.iceberg.FileFormat;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.longlong.Roaring64Bitmap;

class StoredSplitTest {
  private static final ScanSplit FILES =
      new ScanSplit(
          "split-1",
          "",
          List.of(
              new FileRange(Layer.EVENTS, "/w/a.avro", FileFormat.AVRO, 20_777, 0, 100, 100, 7),
              new FileRange(Layer.EVENTS, "/w/ü.parquet", FileFormat.PARQUET, -1, 4, 60, 1000, 9)),
          5);

  private static final String JSON_OF_FILES =
      """
      {"id":"split-1","token":"","parts":[
      {"kind":"file","layer":"EVENTS","path":"/w/a.avro","format":"AVRO","batchNumber":20777,
      "start":0,"length":100,"fileSizeBytes":100,"fileRows":7},
      {"kind":"file","layer":"EVENTS","path":"/w/ü.parquet","format":"PARQUET","batchNumber":-1,
      "start":4,"length":60,"fileSizeBytes":1000,"fileRows":9}],"rowsDone":5}""";

  private static final ScanSplit LIVE =
      new ScanSplit(
          "live-1",
          "{\"ü\":1}",
          List.of(
              LiveRange.of(
                  new Announcement(1, "g", 3, 2, "host", 7000, true, "secret", false, List.of()),
                  "lease",
                  List.of(1, 5),
                  20_776,
                  9),
              new FileRange(Layer.EVENTS, "/w/a.avro", FileFormat.AVRO, -2, 0, 100, 100, 7)),
          4);

  private static final String JSON_OF_LIVE =
      """
      {"id":"live-1","token":"{\\"ü\\":1}","parts":[
      {"kind":"live","subtask":{"version":1,"generation":"g","subtask":3,"attempt":2,
      "host":"host","port":7000,"tls":true,"token":"secret","drained":false,"shards":[]},
      "lease":"lease","shards":[1,5],"completed":20776,"rows":9},
      {"kind":"file","layer":"EVENTS","path":"/w/a.avro","format":"AVRO","batchNumber":-2,
      "start":0,"length":100,"fileSizeBytes":100,"fileRows":7}],"rowsDone":4}""";

  private static final ScanSplit TAIL =
      new ScanSplit(
          "tail",
          "",
          List.of(
              new Tail(
                  Optional.of(-9L),
                  20_776,
                  Optional.of(new RunCheckpoint("g", 7)),
                  Map.of(0, 41L, 2, 17L),
                  Map.of(0, 44L),
                  Map.of(0, Roaring64Bitmap.bitmapOf(42, 44)))),
          0);

  private static final String JSON_OF_TAIL =
      """
      {"id":"tail","token":"","parts":[
      {"kind":"tail","snapshotId":-9,"completed":20776,"checkpoint":{"generation":"g","id":7},
      "shownTo":{"0":41,"2":17},"windowEnd":{"0":44},"shownInWindow":{"0":
      "AQEAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAQAAAP4BAAAAAQICAAAAKgAsAAEAAAAAAAAAAAAAAAAAAAA="}}],"rowsDone":0}""";

  private static final ScanSplit UNTOUCHED_TAIL =
      new ScanSplit("tail", "", List.of(Tail.after(Optional.empty())), 0);

  private static final String JSON_OF_UNTOUCHED_TAIL =
      """
      {"id":"tail","token":"","parts":[
      {"kind":"tail","snapshotId":null,"completed":-9223372036854775808,"checkpoint":null,
      "shownTo":{},"windowEnd":{},"shownInWindow":{}}],"rowsDone":0}""";

  private final ScanSplitSerializer splits = new ScanSplitSerializer();
  private final ScanStateSerializer states = new ScanStateSerializer();

  private static String withoutLineBreaks(String json) {
    return json.replace("\n", "");
  }

  private void assertIsStoredAs(String json, ScanSplit split) throws IOException {
    String stored = withoutLineBreaks(json);
    assertThat(new String(splits.serialize(split), UTF_8)).isEqualTo(stored);
    assertThat(splits.deserialize(1, stored.getBytes(UTF_8))).isEqualTo(split);
  }

  private void assertIsStoredAs(String json, ScanState state) throws IOException {
    String stored = withoutLineBreaks(json);
    assertThat(new String(states.serialize(state), UTF_8)).isEqualTo(stored);
    assertThat(states.deserialize(1, stored.getBytes(UTF_8))).isEqualTo(state);
  }

  @Test
  void splitsOfVersion1() throws IOException {
    assertIsStoredAs(JSON_OF_FILES, FILES);
    assertIsStoredAs(JSON_OF_LIVE, LIVE);
    assertIsStoredAs(JSON_OF_TAIL, TAIL);
    assertIsStoredAs(JSON_OF_UNTOUCHED_TAIL, UNTOUCHED_TAIL);
  }

  @Test
  void tokenMayBeLongerThan64Kilobytes() throws IOException {
    ScanSplit split = new ScanSplit("s", "0123456789".repeat(10_000), List.of(), 0);
    assertThat(splits.deserialize(1, splits.serialize(split))).isEqualTo(split);
  }

  @Test
  void stateOfTheEnumeratorOfVersion1() throws IOException {
    assertIsStoredAs("{\"planned\":false,\"followed\":null,\"splits\":[]}", ScanState.NEW);
    assertIsStoredAs(
        "{\"planned\":true,\"followed\":{\"snapshotId\":-5,\"completed\":20776},\"splits\":[%s,%s]}"
            .formatted(JSON_OF_FILES, JSON_OF_LIVE),
        new ScanState(true, Optional.of(new Followed(-5, 20_776)), List.of(FILES, LIVE)));
  }

  @Test
  void unknownAndMissingPropertiesFail() {
    String stored = withoutLineBreaks(JSON_OF_FILES);
    for (String damaged :
        List.of(
            stored.replace("\"rowsDone\":5", "\"rowsDone\":5,\"more\":1"),
            stored.replace(",\"rowsDone\":5", ""),
            stored.replace("\"fileRows\":7", "\"fileRows\":null"),
            stored.replace("\"kind\":\"file\"", "\"kind\":\"other\""),
            stored + "{}")) {
      assertThatThrownBy(() -> splits.deserialize(1, damaged.getBytes(UTF_8)))
          .as(damaged)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void pageHasTheKeysOfEachPart() throws IOException {
    String page = Files.readString(Path.of("../docs/reference/formats.md"));
    for (String json : List.of(JSON_OF_FILES, JSON_OF_LIVE, JSON_OF_TAIL)) {
      JsonNode part = new ObjectMapper().readTree(json).path("parts").get(0);
      String head = "| part of `kind` `%s` |".formatted(part.path("kind").asText());
      String keys = page.lines().filter(line -> line.startsWith(head)).findFirst().orElseThrow();
      List<String> found =
          Pattern.compile("`([a-z]\\w*)`")
              .matcher(keys.substring(head.length()))
              .results()
              .map(key -> key.group(1))
              .toList();

      assertThat(part.fieldNames())
          .toIterable()
          .filteredOn(key -> !key.equals("kind"))
          .isEqualTo(found);
    }
  }

  @Test
  void otherVersionsFail() {
    for (int version : new int[] {0, 2}) {
      String message = "Stored split of a query: found version " + version + ", expected 1";
      assertThatThrownBy(() -> splits.deserialize(version, new byte[0]))
          .hasMessageContaining(message);
      assertThatThrownBy(() -> states.deserialize(version, new byte[0]))
          .hasMessageContaining(message);
    }
  }
}
