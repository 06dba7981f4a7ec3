package io.nova.kafka;

import io.nova.event.Elements;
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
 * message. A mapping with {@link Mapping#each} makes several events of one record. No record makes
 * it throw, since that would restart the job for ever.
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

  private static final byte[] NO_ENVELOPE = {};
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
    reader.read(record, out);
  }

  @Override
  public TypeInformation<Received> getProducedType() {
    return TypeInformation.of(Received.class);
  }

  /** What an event is made of: a whole record, or an element of one. Reused for every event. */
  private static final class Origin {
    private ConsumerRecord<byte[], byte[]> record;

    /** The element's place in its message; 0 for a whole record. */
    private int index;

    /** Its bytes; null for a record without a value. */
    private byte @Nullable [] original;

    /** The element's envelope; null for a whole record. */
    private byte @Nullable [] envelope;

    Origin(ConsumerRecord<byte[], byte[]> first) {
      this.record = first;
    }

    Origin whole(ConsumerRecord<byte[], byte[]> of) {
      return set(of, 0, of.value(), null);
    }

    Origin element(
        ConsumerRecord<byte[], byte[]> of, int place, byte @Nullable [] bytes, byte[] around) {
      return set(of, place, bytes, around);
    }

    private Origin set(
        ConsumerRecord<byte[], byte[]> of,
        int place,
        byte @Nullable [] bytes,
        byte @Nullable [] around) {
      record = of;
      index = place;
      original = bytes;
      envelope = around;
      return this;
    }
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
    private final Origin origin = new Origin(new ConsumerRecord<>("", 0, 0, null, null));

    /** Reads all elements of a record at once, so no checkpoint comes between two of them. */
    void read(ConsumerRecord<byte[], byte[]> record, Collector<Received> out) {
      watched.lookFromTimeToTime();
      byte[] envelope = KafkaPlace.envelope(record.headers());
      if (envelope != null) {
        Parsed parsed = parser.parseElement(record.value(), envelope);
        out.collect(received(origin.element(record, 0, record.value(), envelope), parsed));
      } else if (mapping.each().isPresent()) {
        readElements(record, out);
      } else {
        out.collect(received(origin.whole(record), parse(record.value())));
      }
    }

    private void readElements(ConsumerRecord<byte[], byte[]> record, Collector<Received> out) {
      Elements found = elements(record.value());
      if (found instanceof Elements.Faulty faulty) {
        out.collect(rejected(origin.whole(record), faulty.why()));
        return;
      }
      Elements.Found all = (Elements.Found) found;
      if (all.elements().isEmpty()) {
        out.collect(nothing(record));
      }
      for (int index = 0; index < all.elements().size(); index++) {
        Elements.Element element = all.elements().get(index);
        byte[] original = element.of(all.message());
        out.collect(
            received(
                origin.element(record, index, original, all.envelope()), element.outcome().get()));
      }
    }

    private Received received(Origin of, Parsed parsed) {
      if (parsed instanceof Parsed.Event event) {
        return tooEarly(event, of.record.timestamp())
            ? rejected(of, tooEarlyReason(event, of.record))
            : offered(of, event);
      }
      return rejected(of, (Parsed.Rejected) parsed);
    }

    private Received nothing(ConsumerRecord<byte[], byte[]> record) {
      Received received = new Received();
      received.nothing = true;
      received.partition = record.partition();
      received.offset = record.offset();
      return received;
    }

    private Parsed parse(byte @Nullable [] value) {
      try {
        byte[] json = decoder.json(value);
        Parsed parsed = parser.parse(json);
        return json != value && parsed instanceof Parsed.Rejected rejected
            ? ofDecoded(rejected)
            : parsed;
      } catch (UndecodableException e) {
        return undecodable(e.getMessage());
      }
    }

    private Elements elements(byte @Nullable [] value) {
      try {
        byte[] json = decoder.json(value);
        Elements found = parser.parseElements(json);
        return json != value && found instanceof Elements.Faulty faulty
            ? new Elements.Faulty(ofDecoded(faulty.why()))
            : found;
      } catch (UndecodableException e) {
        return new Elements.Faulty(undecodable(e.getMessage()));
      }
    }

    /** A decoded record is JSON, unless its text is not UTF-8. */
    private Parsed.Rejected ofDecoded(Parsed.Rejected rejected) {
      return rejected.reason() == RejectReason.NOT_JSON ? undecodable(rejected.detail()) : rejected;
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

    private Received offered(Origin of, Parsed.Event event) {
      ConsumerRecord<byte[], byte[]> record = of.record;
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
      offered.original = Objects.requireNonNull(of.original, "an event has bytes");
      if (of.envelope != null) {
        offered.element = true;
        offered.index = of.index;
        offered.envelope = mapping.envelopeColumns().isEmpty() ? NO_ENVELOPE : of.envelope;
      }
      offered.row =
          rows.encode(
              event.fields(),
              new RowEncoder.Placement(
                  tail.batchOf(event.uploadMicros()),
                  received.shard,
                  record.topic(),
                  record.partition(),
                  record.offset(),
                  of.index,
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

    private Received rejected(Origin of, Parsed.Rejected why) {
      ConsumerRecord<byte[], byte[]> record = of.record;
      Received received = new Received();
      received.app = why.app() == null ? Tally.NO_APP : Long.toString(why.app());
      received.rejected =
          Rejected.of(
              why.reason(),
              why.detail(),
              record.topic(),
              record.partition(),
              record.offset(),
              of.original);
      if (of.envelope != null) {
        received.rejected = received.rejected.element(of.index, of.envelope);
      }
      return received;
    }
  }
}
