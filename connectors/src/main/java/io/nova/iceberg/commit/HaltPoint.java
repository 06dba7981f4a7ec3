package io.nova.iceberg.commit;

import io.nova.iceberg.commit.LinkSummary.Step;
import java.util.function.Consumer;

/**
 * A step of the handoff at which a test can halt the process. It kills the process there, or lets
 * it go on as a zombie. Each point is the moment before the step's effect on others.
 *
 * <p>A point does nothing unless the system property {@value #FOLDER} names a folder, see {@link
 * HaltFolder}.
 */
public enum HaltPoint {
  /** A close is decided. No shard knows of it. */
  CLOSE,
  /** A subtask has sealed its blocks of closed batches. It has not said so. */
  SEAL,
  /** The chunk of a closed batch is written. The committer does not know of it. */
  MERGE,
  /** A closing link is drawn. Its checkpoint is not complete. */
  CLOSING_LINK,
  /** A closing link and its tags are one transaction. Its swap is next. */
  TAG,
  /** The table has a close, a completion or a withdrawal. The answer is next. */
  ANSWER,
  /** A completion or a withdrawal is one transaction. Its swap is next. */
  PROPERTY,
  /** The removal of completed batches is one transaction. Its swap is next. */
  DELETE,
  /** Completed batches have left the head. Their tags are still there. */
  DELETED,
  /** The drop of tags is one transaction. Its swap is next. */
  TAG_DROP,
  /** The expiry of snapshots is one transaction. Its swap is next. */
  EXPIRY,
  /** No snapshot names a file. Its removal is next. */
  FILE_REMOVAL;

  /** The system property with the folder of a {@link HaltFolder}. */
  public static final String FOLDER = "nova.halt.folder";

  private static volatile Consumer<HaltPoint> halts = HaltFolder.ofProperty();

  /** The point of a change of the table. */
  static HaltPoint of(Step step) {
    return switch (step) {
      case REMOVE -> DELETE;
      case TAGS -> TAG_DROP;
      case EXPIRE -> EXPIRY;
      default -> PROPERTY;
    };
  }

  /** To be called where the point is. Any thread. */
  public void reached() {
    halts.accept(this);
  }

  /** Has a test in this process take the points, in the folder's place. */
  public static void takenBy(Consumer<HaltPoint> test) {
    halts = test;
  }

  /** No test takes the points any more. */
  public static void takenByNobody() {
    halts = HaltFolder.ofProperty();
  }
}
