package io.nova.kafka;

import io.nova.event.Micros;
import io.nova.iceberg.Storage;
import io.nova.policy.Policies;
import io.nova.policy.Policy;
import io.nova.policy.PolicyFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies of a file that may change while the job runs. The thread that asks for policies
 * checks the file at intervals; nothing runs in the background.
 *
 * <p>A broken or missing file changes nothing: the policies that were read last stay in force, a
 * warning says why, and {@link #refused} is true. A version that could not be read is tried again
 * at each check, so that all readers come to follow the same version. Not thread safe.
 */
public final class WatchedPolicies {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedPolicies.class);

  private final PolicyRules rules;
  private Policies policies;
  private final Source source;

  /** The version that was read last, and whether it has an error. */
  private String seen = "";

  private boolean seenIsBroken;
  private boolean refused;
  private long lookedNanos;
  private long greatestUploadMicros = Micros.UNKNOWN;

  /** Gives access to the file. */
  interface Source {
    /** Identifies a version of the file. */
    String version() throws IOException;

    /** The bytes of the file. */
    byte[] bytes() throws IOException;
  }

  /**
   * The policies that the file has now.
   *
   * @throws IllegalArgumentException where it cannot be read or has an error
   */
  public WatchedPolicies(PolicyRules rules) {
    this(rules, new HadoopFile(rules.file()));
  }

  WatchedPolicies(PolicyRules rules, Source source) {
    this.rules = rules;
    this.source = source;
    this.policies = Policies.always(rules.base());
    if (!rules.file().isEmpty()) {
      try {
        seen = source.version();
        policies = read();
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "Policy file %s cannot be read: %s".formatted(rules.file(), e), e);
      }
    }
    lookedNanos = System.nanoTime();
  }

  /** The policy of an event. */
  public Policy of(long app, long uploadMicros) {
    return policies.of(app, uploadMicros);
  }

  /** Notes the upload time of an event: changes that cover it come too late. */
  public void taken(long uploadMicros) {
    greatestUploadMicros = Math.max(greatestUploadMicros, uploadMicros);
  }

  /** Checks the file if the interval is over. Called between two events, so each has one policy. */
  public void lookFromTimeToTime() {
    if (!rules.file().isEmpty()
        && System.nanoTime() - lookedNanos >= rules.checkInterval().toNanos()) {
      look();
    }
  }

  /** Whether the last version of the file could not be used. */
  public boolean refused() {
    return refused;
  }

  /** The largest dedup window that any event may have. */
  public Duration largestWindow() {
    return policies.largestWindow();
  }

  /** Checks the file now. */
  void look() {
    lookedNanos = System.nanoTime();
    try {
      String now = source.version();
      if (now.equals(seen)) {
        refused = seenIsBroken;
      } else {
        follow(now);
      }
    } catch (IOException e) {
      refused = true;
      LOG.warn(
          "Policy file {} cannot be read; what was read before stays in force. It is tried again"
              + " at the next check. {}",
          rules.file(),
          e.toString());
    }
  }

  /** Takes a version that was not seen yet. It stays unseen where it cannot be read. */
  private void follow(String version) throws IOException {
    try {
      Policies read = read();
      seen = version;
      take(read);
      seenIsBroken = false;
    } catch (IllegalArgumentException e) {
      seen = version;
      seenIsBroken = true;
      LOG.warn(
          "Policy file {} is refused; what was read before stays in force. {}",
          rules.file(),
          e.getMessage());
    }
    refused = seenIsBroken;
  }

  private void take(Policies changed) {
    List<String> late = changed.tooLateSince(policies, greatestUploadMicros);
    if (!late.isEmpty()) {
      LOG.warn(
          "Policy file {}: events with upload times that these entries cover have been read already,"
              + " under the policy before: {}",
          rules.file(),
          late);
    }
    policies = changed;
    LOG.info("Policy file {} is in force as of {}", rules.file(), seen);
  }

  private Policies read() throws IOException {
    String text = new String(source.bytes(), StandardCharsets.UTF_8);
    Policies read = PolicyFile.read(rules.file(), text, rules.base());
    if (read.largestWindow().compareTo(rules.largestWindow()) > 0) {
      throw new IllegalArgumentException(
          "Policy file %s: found a window of %s, expected at most %s: fingerprints do not stay for longer. Start the job again with a larger nova.dedup.largest-window."
              .formatted(rules.file(), read.largestWindow(), rules.largestWindow()));
    }
    return read;
  }

  /** A file of any file system that Hadoop knows. */
  private record HadoopFile(String file) implements Source {
    @Override
    public String version() throws IOException {
      FileStatus status = files().getFileStatus(path());
      return status.getModificationTime() + "/" + status.getLen();
    }

    @Override
    public byte[] bytes() throws IOException {
      try (InputStream in = files().open(path())) {
        return in.readAllBytes();
      } catch (FileNotFoundException e) {
        throw new IOException("it is not there", e);
      }
    }

    private Path path() {
      return new Path(file);
    }

    private FileSystem files() throws IOException {
      return path().getFileSystem(Storage.configuration());
    }
  }
}
