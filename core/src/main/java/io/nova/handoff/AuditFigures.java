package io.nova.handoff;

/**
 * What two systems compare to know that they have the same events.
 *
 * @param rows the number of events
 * @param digest the sum of their hashes, as {@link io.nova.event.audit.AuditDigest} writes it
 */
public record AuditFigures(long rows, String digest) {}
