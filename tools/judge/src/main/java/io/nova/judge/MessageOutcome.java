package io.nova.judge;

/** What became of a sent message, as far as the judge knows by now. */
enum MessageOutcome {
  /** Nothing is known yet. */
  OPEN,
  /** A record of the rejected topic has its bytes. */
  REJECTED,
  /** A row of the table has its content. */
  ADMITTED,
  /** It has no row of its own, but one of its identity within the dedup window. */
  DUPLICATE
}
