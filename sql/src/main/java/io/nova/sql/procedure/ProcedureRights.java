package io.nova.sql.procedure;

/** Which procedures of a catalog may be called. */
public enum ProcedureRights {
  /** Those that change nothing. */
  READ,
  /** All. */
  ALL
}
