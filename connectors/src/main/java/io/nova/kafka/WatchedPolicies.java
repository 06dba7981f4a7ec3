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
 * warning says why, and {@link #refused} is true. Not thread safe.
 */
public final class WatchedPolicies {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedPolicies.class);

  private final PolicyRules rules;
  private Policies policies;
  private String seen = "";
  private boolean refused;
  private long lookedNanos;
  private long greatestUploadMicros = Micros.UNKNOWN;

  /**
   * The policies that the file has now.
   *
   * @throws IllegalArgumentException where it cannot be read or has an error
   */
  public WatchedPolicies(PolicyRules rules) {
    this.rules = rules;
    this.policies = Policies.always(rules.base());
    if (!rules.file().isEmpty()) {
      try {
        seen = version();
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
      String now = version();
      if (!now.equals(seen)) {
        seen = now;
        take(read());
      }
    } catch (IOException | IllegalArgumentException e) {
      refused = true;
      LOG.warn(
          "Policy file {} is refused; what was read before stays in force. {}",
          rules.file(),
          e.getMessage());
    }
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
    refused = false;
    LOG.info("Policy file {} is in force as of {}", rules.file(), seen);
  }

  /** Identifies a version of the file. */
  private String version() throws IOException {
    FileStatus status = files().getFileStatus(path());
    return status.getModificationTime() + "/" + status.getLen();
  }

  private Policies read() throws IOException {
    Policies read;
    try (InputStream in = files().open(path())) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      read = PolicyFile.read(rules.file(), text, rules.base());
    } catch (FileNotFoundException e) {
      throw new IOException("it is not there", e);
    }
    if (read.largestWindow().compareTo(rules.largestWindow()) > 0) {
      throw new IllegalArgumentException(
          "Policy file %s: found a window of %s, expected at most %s: fingerprints do not stay for longer. Start the job again with a larger nova.dedup.largest-window."
              .formatted(rules.file(), read.largestWindow(), rules.largestWindow()));
    }
    return read;
  }

  private Path path() {
    return new Path(rules.file());
  }

  private FileSystem files() throws IOException {
    return path().getFileSystem(Storage.configuration());
  }
}
