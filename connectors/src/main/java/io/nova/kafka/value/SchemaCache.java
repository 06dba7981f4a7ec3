package io.nova.kafka.value;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.nova.event.format.SchemaText;
import io.nova.event.format.UndecodableException;
import io.nova.event.format.ValueFormat;
import io.nova.event.format.ValueSchema;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schemas of a registry that were asked for. An id never gets another schema, so a schema stays
 * for ever. An id that the registry does not know is asked for again after a minute. Twice a minute
 * at most it is asked for again during two seconds: a producer may use a schema before every
 * replica of the registry has it.
 *
 * <p>While the registry does not answer, {@link #load} waits and asks again. It says so in the log
 * once a minute.
 *
 * <p>Any thread. A schema itself belongs to one thread: the one that calls {@link #get}.
 */
final class SchemaCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaCache.class);

  private static final Duration UNKNOWN_FOR = Duration.ofMinutes(1);

  /** Random bytes may name any id, so the number of unknown ids is bounded. */
  private static final int MOST_UNKNOWN = 10_000;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long PATIENT_EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long LOG_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long FIRST_WAIT_MS = 100;
  private static final long LONGEST_WAIT_MS = 5_000;

  private final SchemaRegistry registry;
  private final ValueFormat format;
  private final ConcurrentMap<Integer, Answer> known = new ConcurrentHashMap<>();
  private final Cache<Integer, Answer> unknown =
      Caffeine.newBuilder().executor(Runnable::run).maximumSize(MOST_UNKNOWN).build();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean away;
  private volatile long loggedNanos;
  private volatile long patientFromNanos = System.nanoTime() - PATIENT_EVERY_NANOS;

  /** A cache of a registry, which it owns. Schemas of other formats cannot be used. */
  SchemaCache(SchemaRegistry registry, ValueFormat format) {
    this.registry = registry;
    this.format = format;
  }

  /**
   * What a registry said about an id.
   *
   * @param schema the schema; null where there is none that can be used
   * @param why why there is none
   * @param nanos when it was given, by {@link System#nanoTime}
   */
  private record Answer(@Nullable ValueSchema schema, String why, long nanos) {
    Answer(@Nullable ValueSchema schema, String why) {
      this(schema, why, System.nanoTime());
    }
  }

  /** Gets a schema from the registry, unless it is here. Returns early when this is closed. */
  void load(int id) {
    long waitMs = FIRST_WAIT_MS;
    try {
      while (!isHere(id) && closed.getCount() > 0 && !answered(id)) {
        if (closed.await(waitMs, TimeUnit.MILLISECONDS)) {
          return;
        }
        waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isHere(int id) {
    Answer missing = unknown.getIfPresent(id);
    return known.containsKey(id)
        || (missing != null && System.nanoTime() - missing.nanos < UNKNOWN_FOR.toNanos());
  }

  private @Nullable Answer answer(int id) {
    Answer answer = known.get(id);
    return answer == null ? unknown.getIfPresent(id) : answer;
  }

  private boolean answered(int id) {
    try {
      known.put(id, parsed(registry.schema(id)));
    } catch (UnknownSchemaException e) {
      if (isPatient()) {
        return false;
      }
      unknown.put(id, new Answer(null, String.valueOf(e.getMessage())));
    } catch (IOException e) {
      isAway(e);
      return false;
    }
    isBack();
    return true;
  }

  private boolean isPatient() {
    long nowNanos = System.nanoTime();
    if (nowNanos - patientFromNanos >= PATIENT_EVERY_NANOS) {
      patientFromNanos = nowNanos;
    }
    return nowNanos - patientFromNanos < PATIENCE_NANOS;
  }

  private Answer parsed(SchemaText text) {
    if (text.format() != format) {
      return new Answer(
          null, "found %s, expected %s".formatted(text.format().wireName(), format.wireName()));
    }
    try {
      return new Answer(text.parsed(), "");
    } catch (IllegalArgumentException e) {
      return new Answer(null, String.valueOf(e.getMessage()));
    }
  }

  private void isAway(IOException found) {
    long nowNanos = System.nanoTime();
    if (!away || nowNanos - loggedNanos >= LOG_EVERY_NANOS) {
      loggedNanos = nowNanos;
      LOG.warn(
          "Schema registry {} does not answer: {}. The source waits, and asks again. Nothing is"
              + " lost.",
          registry.name(),
          found.toString());
    }
    away = true;
  }

  private void isBack() {
    if (away) {
      LOG.info("Schema registry {} answers again. The source goes on.", registry.name());
    }
    away = false;
  }

  /**
   * The schema with an id. It is here if {@link #load} was called before, however long ago.
   * Otherwise this waits for the registry.
   *
   * @throws UndecodableException where there is no such schema, or none that can be used
   */
  ValueSchema get(int id) throws UndecodableException {
    if (answer(id) == null) {
      load(id);
    }
    Answer answer = answer(id);
    if (answer == null) {
      throw new IllegalStateException(
          "Schema %d of %s: the wait for it was interrupted".formatted(id, registry.name()));
    }
    if (answer.schema == null) {
      throw new UndecodableException("schema %d: %s".formatted(id, answer.why));
    }
    return answer.schema;
  }

  boolean registryAway() {
    return away;
  }

  @Override
  public void close() {
    closed.countDown();
    registry.close();
  }
}
