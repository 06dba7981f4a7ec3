package io.nova.kafka;

import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.event.format.UndecodableException;
import io.nova.event.identity.Fingerprint;
import io.nova.event.identity.FingerprintKey;
import io.nova.event.identity.Fingerprinter;
import io.nova.event.identity.Identity;
import io.nova.event.mapping.Mapping;
import io.nova.event.row.BatchTail;
import io.nova.event.row.EventSchema;
import io.nova.event.row.PayloadDigest;
import io.nova.event.row.RowEncoder;
import io.nova.iceberg.TableRules;
import io.nova.kafka.source.ReadAhead;
import io.nova.kafka.value.ValueDecoder;
import io.nova.kafka.value.ValueSettings;
import io.nova.metric.NovaMetric;
import io.nova.policy.Policy;
import io.nova.shard.BlockRules;
import io.nova.shard.ConflictRule;
import io.nova.shard.Offer;
import java.io.Serial;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Kafka record into an event with its fingerprint, shard and row, or into a rejected
 * message. No record makes it throw, since that would restart the job for ever.
 *
 * <p>A value that is not JSON is decoded and written as JSON first. Everything that is made of an
 * event is made of that JSON; only its original bytes are those of the record.
 *
 * <p>An event is too early where its upload time is more than a tolerance after its record's
 * timestamp. A record without a timestamp (-1) is never too early.
 */
public final class EventDeserializer
    implements KafkaRecordDeserializationSchema<Received>, ReadAhead {
  @Serial private static final long serialVersionUID = 1;

  private static final PolicyRules DEFAULT_POLICIES =
      PolicyRules.always(
          new Policy(List.of(), BlockRules.DEFAULT.window(), ConflictRule.KEEP_FIRST));

  private static final int EVENT_TIME = EventSchema.indexOf("event_time");

  private final int shards;
  private final Duration blockInterval;
  private final BatchTail tail;
  private final String fingerprintKey;
  private final long toleranceMicros;
  private final Mapping mapping;
  private final PolicyRules policies;
  private final boolean ledger;
  private final ValueSettings values;
  private transient @Nullable Reader reader;

  /**
   * A deserializer for one table.
   *
   * @param tooFarAhead how far an upload time may be after the record's timestamp
   * @param largestWindow the largest dedup window of any event
   * @param mapping the places of the columns in a record
   * @param policies the policies: identity, dedup window and rule about conflicts
   * @param ledger whether dropped copies are written to the duplicates topic
   * @param values the format of the values
   */
  public EventDeserializer(
      TableRules rules,
      Duration tooFarAhead,
      Duration largestWindow,
      Mapping mapping,
      PolicyRules policies,
      boolean ledger,
      ValueSettings values) {
    this.shards = rules.shards();
    this.blockInterval = rules.blockInterval();
    this.tail = new BatchTail(rules.blockInterval(), rules.batchLength(), largestWindow);
    this.fingerprintKey = rules.fingerprintKey().hex();
    this.toleranceMicros = micros(tooFarAhead);
    this.mapping = mapping;
    this.policies = policies;
    this.ledger = ledger;
    this.values = values;
  }

  /**
   * A deserializer of Amplitude's records in JSON, with the default window, keep-first and no
   * ledger.
   */
  public EventDeserializer(TableRules rules, Duration tooFarAhead) {
    this(
        rules,
        tooFarAhead,
        BlockRules.DEFAULT.largestWindow(),
        Mapping.amplitude(),
        DEFAULT_POLICIES,
        false,
        ValueSettings.JSON);
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
        .gauge(
            NovaMetric.POLICY_REFUSED.shortName(),
            (Gauge<Integer>) () -> opened.watched.refused() ? 1 : 0);
    if (prepares()) {
      context
          .getMetricGroup()
          .gauge(
              NovaMetric.REGISTRY_AWAY.shortName(),
              (Gauge<Integer>) () -> opened.decoder.registryAway() ? 1 : 0);
    }
  }

  @Override
  public boolean prepares() {
    return !values.registryUrl().isEmpty();
  }

  @Override
  public void prepare(byte[] value) {
    Objects.requireNonNull(reader, "opened before records are read").decoder.prepare(value);
  }

  @Override
  public void stopWaiting() {
    if (reader != null) {
      reader.decoder.close();
    }
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

  /** The parts of a deserializer that belong to one thread. */
  private final class Reader {
    private final WatchedPolicies watched = new WatchedPolicies(policies);
    private final ValueDecoder decoder = values.open();
    private final EventParser parser =
        new EventParser(mapping, (app, uploadMicros) -> watched.of(app, uploadMicros).identity());
    private final PayloadDigest payloads = new PayloadDigest(FingerprintKey.ofHex(fingerprintKey));
    private final BlockRules blocks = new BlockRules(blockInterval, Duration.ZERO, Duration.ZERO);
    private final RowEncoder rows = new RowEncoder();
    private final Fingerprinter fingerprinter =
        new Fingerprinter(FingerprintKey.ofHex(fingerprintKey));

    Received read(ConsumerRecord<byte[], byte[]> record) {
      watched.lookFromTimeToTime();
      Parsed parsed = parse(record.value());
      if (parsed instanceof Parsed.Event event) {
        return tooEarly(event, record.timestamp())
            ? rejected(record, tooEarlyReason(event, record))
            : offered(record, event);
      }
      return rejected(record, (Parsed.Rejected) parsed);
    }

    private Parsed parse(byte @Nullable [] value) {
      try {
        byte[] json = decoder.json(value);
        Parsed parsed = parser.parse(json);
        // Text of a decoded record that is not UTF-8.
        return json != value
                && parsed instanceof Parsed.Rejected rejected
                && rejected.reason() == RejectReason.NOT_JSON
            ? undecodable(rejected.detail())
            : parsed;
      } catch (UndecodableException e) {
        return undecodable(e.getMessage());
      }
    }

    private Parsed.Rejected undecodable(@Nullable String why) {
      return new Parsed.Rejected(RejectReason.UNDECODABLE, String.valueOf(why), null);
    }

    private boolean tooEarly(Parsed.Event event, long timestampMs) {
      return timestampMs >= 0 && event.uploadMicros() > timestampMs * 1000 + toleranceMicros;
    }

    private Parsed.Rejected tooEarlyReason(
        Parsed.Event event, ConsumerRecord<byte[], byte[]> record) {
      return new Parsed.Rejected(
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
      Offer offered = new Offer();
      offered.high = fingerprint.high();
      offered.low = fingerprint.low();
      offered.uploadMicros = event.uploadMicros();
      if (event.fields().value(EVENT_TIME) instanceof Long eventMicros) {
        offered.eventMicros = eventMicros;
      }
      offered.app = received.app;
      offered.countedAs = received.app;
      offered.partition = record.partition();
      offered.offset = record.offset();
      offered.original = record.value();
      offered.row =
          rows.encode(
              event.fields(),
              new RowEncoder.Placement(
                  tail.batchOf(event.uploadMicros()),
                  received.shard,
                  record.topic(),
                  record.partition(),
                  record.offset(),
                  tail.has(event.uploadMicros()) ? fingerprint : null));
      stamp(offered, event);
      received.event = offered;
      received.recordMicros =
          record.timestamp() >= 0 ? record.timestamp() * 1000 : event.uploadMicros();
      return received;
    }

    /** Puts the policy into the event, so that shards need not know the policy file. */
    private void stamp(Offer offered, Parsed.Event event) {
      Policy policy = watched.of(event.identity().app(), event.uploadMicros());
      watched.taken(event.uploadMicros());
      offered.windowBlocks = blocks.blocks(policy.window());
      offered.conflict = policy.conflict();
      offered.tracked = ledger || policy.conflict() != ConflictRule.KEEP_FIRST;
      if (offered.tracked) {
        offered.payload = payloads.of(offered.row, rows);
      }
      if (ledger && event.identity() instanceof Identity.ByFields byFields) {
        offered.identityFields = String.join(",", byFields.names());
      }
    }

    private Received rejected(ConsumerRecord<byte[], byte[]> record, Parsed.Rejected why) {
      Received received = new Received();
      received.app = why.app() == null ? Tally.NO_APP : Long.toString(why.app());
      received.rejected =
          Rejected.of(
              why.reason(),
              why.detail(),
              record.topic(),
              record.partition(),
              record.offset(),
              record.value());
      return received;
    }
  }
}
