package io.nova.kafka;

import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.event.identity.Fingerprint;
import io.nova.event.identity.FingerprintKey;
import io.nova.event.identity.Fingerprinter;
import io.nova.event.identity.Identity;
import io.nova.event.mapping.Mapping;
import io.nova.event.row.EventSchema;
import io.nova.event.row.PayloadDigest;
import io.nova.event.row.RowEncoder;
import io.nova.iceberg.TableRules;
import io.nova.policy.Policy;
import io.nova.shard.BlockRules;
import io.nova.shard.ConflictRule;
import java.io.Serial;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Kafka record into an event with its fingerprint, shard and row, or into a refusal. Never
 * throws for what a record holds: that would restart the job for ever.
 *
 * <p>An event is too early where its upload time lies further ahead of its record's own timestamp
 * than tolerated; a record without a timestamp (-1) is not judged by it.
 */
public final class EventDeserializer implements KafkaRecordDeserializationSchema<Received> {
  @Serial private static final long serialVersionUID = 1;

  private static final PolicyRules DEFAULT_POLICIES =
      PolicyRules.always(
          new Policy(List.of(), BlockRules.DEFAULT.window(), ConflictRule.KEEP_FIRST));

  private static final int EVENT_TIME = EventSchema.indexOf("event_time");

  private final int shards;
  private final Duration blockInterval;
  private final long batchMicros;
  private final String fingerprintKey;
  private final long toleranceMicros;
  private final Mapping mapping;
  private final PolicyRules policies;
  private final boolean ledger;
  private transient @Nullable Reader reader;

  /**
   * A deserializer for one table.
   *
   * @param tooFarAhead how far an upload time may lie ahead of the record's timestamp
   * @param mapping where in a record the columns stand
   * @param policies what is the same event, for how long, and what another payload means
   * @param ledger whether every dropped copy is to be written down
   */
  public EventDeserializer(
      TableRules rules,
      Duration tooFarAhead,
      Mapping mapping,
      PolicyRules policies,
      boolean ledger) {
    this.shards = rules.shards();
    this.blockInterval = rules.blockInterval();
    this.batchMicros = micros(rules.batchLength());
    this.fingerprintKey = rules.fingerprintKey().hex();
    this.toleranceMicros = micros(tooFarAhead);
    this.mapping = mapping;
    this.policies = policies;
    this.ledger = ledger;
  }

  /** Amplitude's records, a window of ten minutes, the first copy counts, and no ledger. */
  public EventDeserializer(TableRules rules, Duration tooFarAhead) {
    this(rules, tooFarAhead, Mapping.amplitude(), DEFAULT_POLICIES, false);
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    Reader opened = new Reader();
    reader = opened;
    context
        .getMetricGroup()
        .gauge("policyRefused", (Gauge<Integer>) () -> opened.watched.refused() ? 1 : 0);
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Received> out) {
    if (reader == null) {
      reader = new Reader();
    }
    out.collect(reader.read(record));
  }

  @Override
  public TypeInformation<Received> getProducedType() {
    return TypeInformation.of(Received.class);
  }

  /** The parts that one thread reads with. */
  private final class Reader {
    private final WatchedPolicies watched = new WatchedPolicies(policies);
    private final EventParser parser =
        new EventParser(mapping, (app, uploadMicros) -> watched.of(app, uploadMicros).identity());
    private final PayloadDigest payloads = new PayloadDigest(FingerprintKey.ofHex(fingerprintKey));
    private final BlockRules blocks = new BlockRules(blockInterval, Duration.ZERO, Duration.ZERO);
    private final RowEncoder rows = new RowEncoder();
    private final Fingerprinter fingerprinter =
        new Fingerprinter(FingerprintKey.ofHex(fingerprintKey));

    Received read(ConsumerRecord<byte[], byte[]> record) {
      watched.lookFromTimeToTime();
      Parsed parsed = parser.parse(record.value());
      if (parsed instanceof Parsed.Event event) {
        return tooEarly(event, record.timestamp())
            ? refused(record, tooEarlyReason(event, record))
            : offered(record, event);
      }
      return refused(record, (Parsed.Refused) parsed);
    }

    private boolean tooEarly(Parsed.Event event, long timestampMs) {
      return timestampMs >= 0 && event.uploadMicros() > timestampMs * 1000 + toleranceMicros;
    }

    private Parsed.Refused tooEarlyReason(
        Parsed.Event event, ConsumerRecord<byte[], byte[]> record) {
      return new Parsed.Refused(
          RejectReason.TOO_EARLY,
          "uploaded at %s, but the record was written at %s"
              .formatted(
                  Instant.EPOCH.plus(event.uploadMicros(), ChronoUnit.MICROS),
                  Instant.ofEpochMilli(record.timestamp())),
          event.identity().app());
    }

    private Received offered(ConsumerRecord<byte[], byte[]> record, Parsed.Event event) {
      Fingerprint fingerprint = fingerprinter.of(event.identity());
      Received received = new Received();
      received.app = Long.toString(event.identity().app());
      received.shard = fingerprint.shard(shards);
      Offered offered = new Offered();
      offered.high = fingerprint.high();
      offered.low = fingerprint.low();
      offered.uploadMicros = event.uploadMicros();
      if (event.fields().value(EVENT_TIME) instanceof Long eventMicros) {
        offered.eventMicros = eventMicros;
      }
      offered.app = received.app;
      offered.partition = record.partition();
      offered.offset = record.offset();
      offered.original = record.value();
      offered.row =
          rows.encode(
              event.fields(),
              new RowEncoder.Placement(
                  Math.floorDiv(event.uploadMicros(), batchMicros),
                  received.shard,
                  record.topic(),
                  record.partition(),
                  record.offset()));
      stamp(offered, event);
      received.event = offered;
      return received;
    }

    /** What the policy says travels with the event, so that its shard need not know the file. */
    private void stamp(Offered offered, Parsed.Event event) {
      Policy policy = watched.of(event.identity().app(), event.uploadMicros());
      watched.taken(event.uploadMicros());
      offered.windowBlocks = blocks.blocks(policy.window());
      offered.conflict = policy.conflict();
      offered.witnessed = ledger || policy.conflict() != ConflictRule.KEEP_FIRST;
      if (offered.witnessed) {
        offered.payload = payloads.of(offered.row, rows);
      }
      if (ledger && event.identity() instanceof Identity.ByFields byFields) {
        offered.identityFields = String.join(",", byFields.names());
      }
    }

    private Received refused(ConsumerRecord<byte[], byte[]> record, Parsed.Refused refused) {
      Received received = new Received();
      received.app = refused.app() == null ? Tally.NO_APP : Long.toString(refused.app());
      received.refusal =
          Rejected.of(
              refused.reason(),
              refused.detail(),
              record.topic(),
              record.partition(),
              record.offset(),
              record.value());
      return received;
    }
  }
}
