package io.nova.sql.source.reader;

/** A condition on the row under a cursor. Used by one thread. */
interface RowTest {
  /** Whether it is true of the row. Unknown, in the sense of SQL, is not true. */
  boolean passes();
}
