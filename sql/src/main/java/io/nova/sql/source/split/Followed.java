package io.nova.sql.source.split;

/**
 * How far a query that follows commits has come.
 *
 * @param snapshotId the last snapshot whose files have been planned
 * @param completed the last batch that was completed when the query began. The query shows none of
 *     its rows, also if it is withdrawn later; {@link io.nova.handoff.BatchNumbers#NONE} for none
 */
public record Followed(long snapshotId, long completed) {}
