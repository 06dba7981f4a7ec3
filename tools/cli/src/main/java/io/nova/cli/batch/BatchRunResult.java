package io.nova.cli.batch;

import io.nova.kafka.batches.client.BatchResult.State;
import org.jspecify.annotations.Nullable;

/**
 * What became of a run of the reference batch layer.
 *
 * @param name the batch's name
 * @param batch its number
 * @param state {@code COMPLETED}, or {@code REFUSED} or {@code PENDING} as the job decided; {@code
 *     CLOSED} for a batch that never had an event, so that there is nothing to complete
 * @param rows the rows of the batch in {@code batch_events}, the late ones included; null if
 *     nothing was written
 * @param digest their audit digest; null if nothing was written
 * @param link UUID of the link that closed the batch; null if that is no longer known
 * @param lateRows the number of late events among the rows
 * @param detail sentences for the one who asked; may be empty
 */
public record BatchRunResult(
    String name,
    long batch,
    State state,
    @Nullable Long rows,
    @Nullable String digest,
    @Nullable String link,
    int lateRows,
    String detail) {}
