package io.nova.judge;

/**
 * Compares rows and sent messages, identity by identity. Every row is one of the messages. No two
 * rows lie within the dedup window. Every message without a row has a row within the window. For
 * one thread.
 */
final class Admissions {
  static final String TWO_WITHIN_WINDOW = "two admitted copies within the window";

  private final SentMessages sent;
  private final AdmittedRows rows;
  private final int windowBlocks;
  private final Findings findings;
  private final UnreadMessages unread;
  private final int[] messages;
  private final int[] admitted;
  private long duplicates;

  Admissions(
      SentMessages sent,
      AdmittedRows rows,
      int windowBlocks,
      Findings findings,
      UnreadMessages unread) {
    this.sent = sent;
    this.rows = rows;
    this.windowBlocks = windowBlocks;
    this.findings = findings;
    this.unread = unread;
    this.messages = sent.rows().sortedBy(0, 1, SentMessages.BLOCK, SentMessages.PAYLOAD);
    this.admitted = rows.rows().sortedBy(0, 1, AdmittedRows.BLOCK, AdmittedRows.PAYLOAD);
  }

  /** The number of messages without a row, with an admitted copy within the window. */
  long duplicates() {
    return duplicates;
  }

  void compare() {
    int message = 0;
    int row = 0;
    while (message < messages.length || row < admitted.length) {
      int order = order(message, row);
      int messageEnd = order <= 0 ? endOfMessages(message) : message;
      int rowEnd = order >= 0 ? endOfRows(row) : row;
      new IdentityGroup(message, messageEnd, row, rowEnd).compare();
      message = messageEnd;
      row = rowEnd;
    }
  }

  private int order(int message, int row) {
    if (message == messages.length) {
      return 1;
    }
    if (row == admitted.length) {
      return -1;
    }
    int high = Long.compare(identity(message, 0), rows.rows().get(admitted[row], 0));
    return high != 0 ? high : Long.compare(identity(message, 1), rows.rows().get(admitted[row], 1));
  }

  private long identity(int message, int word) {
    return sent.rows().get(messages[message], word);
  }

  private int endOfMessages(int start) {
    int end = start + 1;
    while (end < messages.length
        && identity(end, 0) == identity(start, 0)
        && identity(end, 1) == identity(start, 1)) {
      end++;
    }
    return end;
  }

  private int endOfRows(int start) {
    LongRows all = rows.rows();
    int end = start + 1;
    while (end < admitted.length
        && all.get(admitted[end], 0) == all.get(admitted[start], 0)
        && all.get(admitted[end], 1) == all.get(admitted[start], 1)) {
      end++;
    }
    return end;
  }

  /** The messages and rows of one identity, each sorted by block, then payload. */
  private final class IdentityGroup {
    private final int firstMessage;
    private final int messageEnd;
    private final int firstRow;
    private final int rowEnd;

    IdentityGroup(int firstMessage, int messageEnd, int firstRow, int rowEnd) {
      this.firstMessage = firstMessage;
      this.messageEnd = messageEnd;
      this.firstRow = firstRow;
      this.rowEnd = rowEnd;
    }

    void compare() {
      matchRows();
      checkDistances();
      judgeUnmatched();
    }

    /** Finds for each row the message that it came from. */
    private void matchRows() {
      int message = firstMessage;
      for (int row = firstRow; row < rowEnd; row++) {
        while (message < messageEnd && (!isOpen(message) || order(message, row) < 0)) {
          message++;
        }
        if (message < messageEnd && order(message, row) == 0) {
          sent.settle(messages[message++], MessageOutcome.ADMITTED);
        } else {
          unmatched(row);
        }
      }
    }

    private int order(int message, int row) {
      int block = Long.compare(block(message), rowBlock(row));
      if (block != 0) {
        return block;
      }
      int high = Long.compare(payload(message, 0), rowPayload(row, 0));
      return high != 0 ? high : Long.compare(payload(message, 1), rowPayload(row, 1));
    }

    /** A row without a message: it is repeated, changed or invented. */
    private void unmatched(int row) {
      String position = "row " + rows.position(admitted[row]);
      if (firstMessage == messageEnd) {
        findings.add(Findings.EXTRA, position + ", an identity that was not sent");
      } else if (isPayloadKnown(row)) {
        findings.add(
            Findings.EXTRA, messages[firstMessage], position + ", more often than it was sent");
      } else {
        findings.add(Findings.CHANGED, messages[firstMessage], position);
        settleChanged(row);
      }
    }

    private boolean isPayloadKnown(int row) {
      for (int message = firstMessage; message < messageEnd; message++) {
        if (payload(message, 0) == rowPayload(row, 0)
            && payload(message, 1) == rowPayload(row, 1)) {
          return true;
        }
      }
      return false;
    }

    /** A changed row counts for a message of its block that has no row, if there is one. */
    private void settleChanged(int row) {
      for (int message = firstMessage; message < messageEnd; message++) {
        if (isOpen(message) && block(message) == rowBlock(row) && !hasRow(message)) {
          sent.settle(messages[message], MessageOutcome.ADMITTED);
          return;
        }
      }
    }

    private boolean hasRow(int message) {
      for (int row = firstRow; row < rowEnd; row++) {
        if (order(message, row) == 0) {
          return true;
        }
      }
      return false;
    }

    private void checkDistances() {
      for (int row = firstRow + 1; row < rowEnd; row++) {
        if (rowBlock(row) - rowBlock(row - 1) <= windowBlocks) {
          findings.add(
              TWO_WITHIN_WINDOW,
              "rows %s and %s: blocks %d and %d"
                  .formatted(
                      rows.position(admitted[row - 1]),
                      rows.position(admitted[row]),
                      rowBlock(row - 1),
                      rowBlock(row)));
        }
        if (shard(row) != shard(row - 1) && isPlaced(row) && isPlaced(row - 1)) {
          findings.add(
              "one identity in two shards",
              "rows %s and %s"
                  .formatted(rows.position(admitted[row - 1]), rows.position(admitted[row])));
        }
      }
    }

    private void judgeUnmatched() {
      int row = firstRow;
      for (int message = firstMessage; message < messageEnd; message++) {
        if (!isOpen(message)) {
          continue;
        }
        while (row < rowEnd && rowBlock(row) < block(message) - windowBlocks) {
          row++;
        }
        if (row < rowEnd && rowBlock(row) <= block(message) + windowBlocks) {
          sent.settle(messages[message], MessageOutcome.DUPLICATE);
          duplicates++;
        } else {
          missing(message);
        }
      }
    }

    private void missing(int message) {
      if (unread.take(messages[message])) {
        return;
      }
      findings.add(
          Findings.MISSING,
          messages[message],
          firstRow == rowEnd
              ? "not in the table"
              : "no row, and its nearest admitted copy is too far away");
    }

    /** Whether the message is good, and neither rejected nor matched so far. */
    private boolean isOpen(int message) {
      int number = messages[message];
      return sent.outcome(number) == MessageOutcome.OPEN && sent.faults(number) == 0;
    }

    private long block(int message) {
      return sent.block(messages[message]);
    }

    private long rowBlock(int row) {
      return rows.rows().get(admitted[row], AdmittedRows.BLOCK);
    }

    private long payload(int message, int word) {
      return sent.rows().get(messages[message], SentMessages.PAYLOAD + word);
    }

    private long rowPayload(int row, int word) {
      return rows.rows().get(admitted[row], AdmittedRows.PAYLOAD + word);
    }

    /** Rows of the batch layer may have no shard. */
    private boolean isPlaced(int row) {
      return shard(row) != StoredRow.NO_SHARD;
    }

    private long shard(int row) {
      return rows.rows().get(admitted[row], AdmittedRows.SHARD);
    }
  }
}
