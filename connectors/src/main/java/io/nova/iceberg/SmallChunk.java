package io.nova.iceberg;

/**
 * A chunk that waits, like a block file, until it is merged with others.
 *
 * @param path path of the file
 * @param sizeBytes length of the file
 * @param rows number of events
 * @param batchNumber the batch of all its events
 */
public record SmallChunk(String path, long sizeBytes, long rows, long batchNumber) {}
