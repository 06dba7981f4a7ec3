package io.nova.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.bench.day.ExportRecords;
import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.identity.Fingerprint;
import io.nova.event.identity.FingerprintKey;
import io.nova.event.identity.Fingerprinter;
import io.nova.event.row.RowEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Cost of an event from its bytes to its shard: parse, fingerprint, encode. The peers are Jackson
 * reading the same tokens and Jackson building a tree.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class EventPathBenchmark {
  private static final JsonFactory JSON = new JsonFactory();
  private static final ObjectMapper TREES = new ObjectMapper();

  private final byte[] message = ExportRecords.typical().getBytes(StandardCharsets.UTF_8);
  private final EventParser parser = new EventParser();
  private final RowEncoder encoder = new RowEncoder();
  private final Fingerprinter fingerprinter =
      new Fingerprinter(FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f"));
  private final Parsed.Event event = (Parsed.Event) parser.parse(message);

  /** Peer: reads every token and stores none. */
  @Benchmark
  public void jacksonTokens(Blackhole hole) throws IOException {
    try (JsonParser json = JSON.createParser(message)) {
      while (json.nextToken() != null) {
        hole.consume(json.currentToken());
      }
    }
  }

  /** Peer: builds a tree. */
  @Benchmark
  public Object jacksonTree() throws IOException {
    return TREES.readTree(message);
  }

  /** The parser alone. */
  @Benchmark
  public Parsed novaParse() {
    return parser.parse(message);
  }

  /** The fingerprint alone. */
  @Benchmark
  public Fingerprint novaFingerprint() {
    return fingerprinter.of(event.identity());
  }

  /** The encoder alone. */
  @Benchmark
  public byte[] novaEncode() {
    return encoder.encode(event.fields(), new RowEncoder.Placement(20514, 7, "events", 1, 42));
  }

  /** All steps of the source's thread for one event. */
  @Benchmark
  public void novaWhole(Blackhole hole) {
    Parsed.Event parsed = (Parsed.Event) parser.parse(message);
    hole.consume(fingerprinter.of(parsed.identity()));
    hole.consume(
        encoder.encode(parsed.fields(), new RowEncoder.Placement(20514, 7, "events", 1, 42)));
  }
}
