package io.nova.kafka.batches.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.RowIdentity;
import io.nova.event.identity.Fingerprint;
import io.nova.event.identity.Fingerprinter;
import io.nova.event.identity.IdentityFields;
import io.nova.event.mapping.Mapping;
import io.nova.event.row.RowEncoder;
import io.nova.iceberg.TableRules;
import io.nova.kafka.PolicyRules;
import io.nova.kafka.WatchedPolicies;
import io.nova.policy.Policy;
import io.nova.shard.BlockRules;
import io.nova.shard.ConflictRule;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads late events into rows, and finds the fingerprints of stored rows, as the job does. Mapping
 * and policies must be the job's. Not thread safe.
 */
public final class LateRowReader {
  private final TableRules rules;
  private final Mapping mapping;
  private final WatchedPolicies policies;
  private final BlockRules blocks;
  private final EventParser parser;
  private final RowIdentity identities;
  private final Fingerprinter fingerprinter;
  private final RowEncoder rows = new RowEncoder();

  /**
   * A reader for one table.
   *
   * @throws IllegalArgumentException if the policy file cannot be read or has an error
   */
  public LateRowReader(TableRules rules, Mapping mapping, PolicyRules policies) {
    this.rules = rules;
    this.mapping = mapping;
    this.policies = new WatchedPolicies(policies);
    this.blocks = new BlockRules(rules.blockInterval(), Duration.ZERO, Duration.ZERO);
    IdentityFields fields = (app, upload) -> this.policies.of(app, upload).identity();
    this.parser = new EventParser(mapping, fields);
    this.identities = new RowIdentity(mapping, fields);
    this.fingerprinter = new Fingerprinter(rules.fingerprintKey());
  }

  /** The identity of a stored row, with its place in time. */
  public record Stored(Fingerprint fingerprint, long interval) {}

  /**
   * Reads a late event whose bytes are known.
   *
   * @throws IllegalArgumentException if the mapping finds no event with this upload time in it
   */
  public LateRow read(LateEvent late) {
    String original = late.original();
    Parsed parsed = parse(late, original == null ? null : original.getBytes(UTF_8));
    if (parsed instanceof Parsed.Rejected rejected) {
      throw unreadable(late, rejected.detail());
    }
    Parsed.Event event = (Parsed.Event) parsed;
    if (event.uploadMicros() != micros(late.uploadTime())) {
      throw unreadable(late, "another upload time");
    }
    return row(late, event);
  }

  private Parsed parse(LateEvent late, byte @Nullable [] original) {
    String envelope = late.envelope();
    return envelope == null
        ? parser.parse(original)
        : parser.parseElement(original, envelope.getBytes(UTF_8));
  }

  private IllegalArgumentException unreadable(LateEvent late, String found) {
    return new IllegalArgumentException(
        ("Late event of %s at %s-%d, offset %d, index %d: mapping %s finds %s. Expected the mapping and the"
                + " policy file of the job that rejected it.")
            .formatted(
                late.uploadTime(),
                late.topic(),
                late.partition(),
                late.offset(),
                late.index(),
                mapping,
                found));
  }

  private LateRow row(LateEvent late, Parsed.Event event) {
    Fingerprint fingerprint = fingerprinter.of(event.identity());
    byte[] row =
        rows.encode(
            event.fields(),
            new RowEncoder.Placement(
                rules.batchOf(event.uploadMicros()),
                fingerprint.shard(rules.shards()),
                late.topic(),
                late.partition(),
                late.offset(),
                late.index(),
                null));
    Policy policy = policies.of(event.identity().app(), event.uploadMicros());
    return new LateRow(
        late,
        fingerprint,
        blocks.intervalOf(event.uploadMicros()),
        blocks.blocks(policy.window()),
        policy.conflict() == ConflictRule.KEEP_BOTH && !late.mayBeCopy(),
        ByteBuffer.wrap(row));
  }

  /**
   * The identity of a stored row; empty if it has none by these rules.
   *
   * @param row a column's value by its name; {@link RowIdentity#COLUMNS} are asked for
   */
  public Optional<Stored> stored(Function<String, @Nullable Object> row) {
    return identities
        .of(row)
        .map(
            identity ->
                new Stored(fingerprinter.of(identity), blocks.intervalOf(uploadMicros(row))));
  }

  private static long uploadMicros(Function<String, @Nullable Object> row) {
    return row.apply("server_upload_time") instanceof OffsetDateTime time
        ? micros(time.toInstant())
        : 0;
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
