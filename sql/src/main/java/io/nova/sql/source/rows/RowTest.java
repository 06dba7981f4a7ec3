package io.nova.sql.source.rows;

/** A condition on the row under a cursor. Used by one thread. */
public interface RowTest {
  /** Whether it is true of the row. Unknown, in the sense of SQL, is not true. */
  boolean passes();
}
