package io.nova.iceberg.commit;

/**
 * A closed batch and the link that closed it.
 *
 * @param batch its number
 * @param link UUID of its closing link
 */
public record ClosedBatch(long batch, String link) {}
