package io.nova.iceberg.commit;

/**
 * The order to close all batches up to one.
 *
 * @param batch its number
 * @param by who asked for the close; {@code nova} where nobody did
 */
public record CloseOrder(long batch, String by) {}
