package io.nova.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.fixtures.ReferencePage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RejectionReasonsPageTest {
  private static final String PARSER = "core/src/main/java/io/nova/event/EventParser.java";
  private static final String ELEMENTS = "core/src/main/java/io/nova/event/ElementsReader.java";
  private static final String IDENTITY =
      "core/src/main/java/io/nova/event/identity/IdentityRule.java";
  private static final String SOURCE =
      "connectors/src/main/java/io/nova/kafka/EventDeserializer.java";
  private static final String SHARD = "core/src/main/java/io/nova/shard/Shard.java";

  private static final String CORRECT_MESSAGE = "No. The bytes are wrong; correct the producer.";
  private static final String CORRECT_MAPPING =
      "Yes, after the mapping or the policy was corrected and the job restarted with it.";

  /** One row of the page. */
  private record Entry(String meaning, String decidedIn, String replay) {}

  private static Entry entry(RejectReason reason) {
    return switch (reason) {
      case NULL_VALUE -> new Entry("The Kafka record has no value.", PARSER, CORRECT_MESSAGE);
      case EMPTY -> new Entry("The value has no bytes.", PARSER, CORRECT_MESSAGE);
      case UNDECODABLE ->
          new Entry(
              "The value is no record of its Avro or Protobuf schema, or the registry does not know"
                  + " its schema.",
              SOURCE,
              "Yes, after the schema was registered. Otherwise the bytes are wrong; correct the"
                  + " producer.");
      case NOT_JSON ->
          new Entry(
              "The value is not one well-formed JSON value in valid UTF-8. A byte order mark is"
                  + " ignored.",
              PARSER,
              CORRECT_MESSAGE);
      case NOT_AN_OBJECT ->
          new Entry("The value is JSON, but not an object.", PARSER, CORRECT_MESSAGE);
      case DUPLICATE_KEY ->
          new Entry(
              "A key occurs twice, at the top level or where a pointer of the mapping passes.",
              PARSER,
              CORRECT_MESSAGE);
      case TOO_DEEP ->
          new Entry(
              "The value is nested deeper than %,d levels.".formatted(EventParser.MAX_DEPTH),
              PARSER,
              CORRECT_MESSAGE);
      case ELEMENTS_MISSING ->
          new Entry(
              "The message has nothing at the place where the mapping expects its elements.",
              ELEMENTS,
              CORRECT_MAPPING);
      case ELEMENTS_INVALID ->
          new Entry(
              "The elements are no array, or more than %,d, or their envelope has more than %,d bytes, or all its copies more than %,d."
                  .formatted(
                      Elements.MOST,
                      Elements.LARGEST_ENVELOPE,
                      Elements.MOST_ENVELOPE_COPIES_BYTES),
              ELEMENTS,
              CORRECT_MESSAGE);
      case APP_MISSING -> new Entry("The app is absent or null.", IDENTITY, CORRECT_MAPPING);
      case APP_INVALID ->
          new Entry("The app is not an integer of 64 bits.", IDENTITY, CORRECT_MAPPING);
      case UPLOAD_TIME_MISSING ->
          new Entry("The upload time is absent or null.", IDENTITY, CORRECT_MAPPING);
      case UPLOAD_TIME_INVALID ->
          new Entry("The upload time is not a time.", IDENTITY, CORRECT_MAPPING);
      case IDENTITY_MISSING ->
          new Entry(
              "No kind of identity is complete, or a named field of it is absent.",
              IDENTITY,
              CORRECT_MAPPING);
      case IDENTITY_INVALID ->
          new Entry(
              "A field of the identity has a type or form that cannot be compared.",
              IDENTITY,
              CORRECT_MAPPING);
      case TOO_LATE ->
          new Entry(
              "The upload time lies further below the progress of its partition than"
                  + " `nova.event.lateness-limit`.",
              SHARD,
              "Only after `nova.progress.not-after` has undone a step of a wrong clock. Otherwise the"
                  + " event is for the batch layer.");
      case TOO_EARLY ->
          new Entry(
              "The upload time lies further ahead of the Kafka record's timestamp than"
                  + " `nova.event.too-far-ahead`.",
              SOURCE,
              "Yes, once the upload time has come. The new record has a new timestamp.");
      case CONFLICTING ->
          new Entry(
              "An admitted event has the same identity and another payload, and the policy says"
                  + " `reject`.",
              SHARD,
              "Only after the policy of its app was changed.");
      case UNKNOWN ->
          new Entry(
              "Fingerprints of a block that could hold an earlier copy have left the state.",
              SHARD,
              "Only after a restore of a newer savepoint, or with a longer `nova.dedup.state-ttl`.");
      case BATCH_CLOSED ->
          new Entry(
              "The event is new, and its batch is closed.",
              SHARD,
              "No. The event is a correction for the batch layer.");
      case HANDED_OFF ->
          new Entry(
              "The message was read before its batch was closed, and the batch layer has the batch. The"
                  + " job was restored to an earlier savepoint and reads it again.",
              SHARD,
              "No. The batch layer has the event.");
    };
  }

  @Test
  void pageHasEveryReason() {
    ReferencePage.hold(
        "rejection-reasons.md",
        RejectionReasonsPageTest.class,
        "Rejection reasons",
        """
        A rejected message goes to the topic `rejected` with its reason and its original bytes.
        The table `rejected` shows them in SQL.
        [Rejected events](../guides/rejected-events.md) says how to replay them.

        | reason | meaning | decided in | does a replay help? |
        |---|---|---|---|
        """
            + Arrays.stream(RejectReason.values())
                .map(RejectionReasonsPageTest::row)
                .collect(Collectors.joining())
            + """

            The checks run in this order: message, app, upload time, identity, record timestamp, shard.
            A message gets the first reason that applies.
            `RejectReason` declares the names. `AdmissionHandler` turns a shard's decision into one.
            """);
  }

  private static String row(RejectReason reason) {
    Entry entry = entry(reason);
    return "| `%s` | %s | %s | %s |\n"
        .formatted(reason.wireName(), entry.meaning(), link(entry.decidedIn()), entry.replay());
  }

  private static String link(String source) {
    String file = source.substring(source.lastIndexOf('/') + 1);
    return "[`%s`](../../%s)".formatted(file.replace(".java", ""), source);
  }

  /** A shard names its decisions after the reasons; the other components name the reasons. */
  @ParameterizedTest
  @EnumSource
  void reasonIsDecidedWhereThePageSays(RejectReason reason) throws IOException {
    String source = Files.readString(Path.of("..", entry(reason).decidedIn()));

    assertThat(source)
        .containsPattern("(RejectReason|Admission|Decision)[A-Za-z.]*\\." + reason.name());
  }
}
