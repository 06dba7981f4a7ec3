package io.nova.event.audit;

import org.jspecify.annotations.Nullable;

/**
 * The columns of a row that its audit hash covers: those of the built-in kinds of identity. A row
 * has all of them that its event had, whichever kind decided.
 *
 * @param app the app
 * @param eventId the device's counter
 * @param clientEventMicros the device's clock, microseconds since 1970
 * @param deviceId the device
 * @param insertId the id that the device gave
 * @param uuid the id that the collecting server gave
 */
public record AuditedIdentity(
    long app,
    @Nullable Long eventId,
    @Nullable Long clientEventMicros,
    @Nullable String deviceId,
    @Nullable String insertId,
    @Nullable String uuid) {}
