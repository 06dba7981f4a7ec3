package io.nova.handoff;

/**
 * A batch that does not close, and the partition that holds it.
 *
 * @param batch the oldest such batch
 * @param partition the slowest partition of the events
 * @param reachedMicros the upload time that this partition has reached, microseconds since 1970;
 *     {@link io.nova.event.Micros#UNKNOWN} before any
 */
public record HeldClose(long batch, int partition, long reachedMicros) {}
