package io.nova.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The number of messages by outcome and app. At every checkpoint, received = admitted + duplicates
 * + rejected, in total and for each app.
 *
 * <p>Apps come from messages, so anybody may invent new ones. The intake decides once for each
 * message which app it counts as, and all tallies use that name. So all tell the same apps apart.
 *
 * <p>Not thread safe.
 */
public final class Tally {
  /** The app of a message whose app could not be read. */
  public static final String NO_APP = "none";

  /** All apps that are not told apart. */
  public static final String OTHER_APPS = "other";

  /** Approximate heap of the counts of one app. */
  private static final long APP_BYTES = 300;

  private final Map<String, Counts> byApp = new TreeMap<>();
  private String lastApp = "";
  private Counts last = new Counts();

  /** The counts of one app, or of all. */
  public static final class Counts {
    public long received;
    public long admitted;
    public long duplicates;
    public final Map<RejectReason, Long> rejected = new EnumMap<>(RejectReason.class);

    /** Rejected messages, of all reasons. */
    public long rejectedInAll() {
      return rejected.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Received messages without an outcome: 0 at every checkpoint. */
    public long undecided() {
      return received - admitted - duplicates - rejectedInAll();
    }

    void add(Counts other) {
      received += other.received;
      admitted += other.admitted;
      duplicates += other.duplicates;
      other.rejected.forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
    }
  }

  public Tally() {}

  @JsonCreator
  Tally(Map<String, Counts> byApp) {
    this.byApp.putAll(byApp);
  }

  /** The heap that it takes, about, in bytes. */
  public long heapBytes() {
    return APP_BYTES * byApp.size();
  }

  /** The counts by app. */
  @JsonValue
  public Map<String, Counts> byApp() {
    return byApp;
  }

  /** The counts of one app, for the caller to add to. */
  public Counts of(String app) {
    if (!app.equals(lastApp)) {
      last = byApp.computeIfAbsent(app, unseen -> new Counts());
      lastApp = app;
    }
    return last;
  }

  /** Counts one rejected message. */
  public void rejected(String app, RejectReason reason) {
    of(app).rejected.merge(reason, 1L, Long::sum);
  }

  /** Adds all of another tally. */
  public void add(Tally other) {
    other.byApp.forEach((app, counts) -> of(app).add(counts));
  }

  /** The sum over all apps. */
  public Counts total() {
    Counts total = new Counts();
    byApp.values().forEach(total::add);
    return total;
  }
}
