package io.nova.workload.input;

/**
 * Messages, one after the other. {@code hasNext} and {@code next} throw {@link
 * java.io.UncheckedIOException} when the source cannot be read; its message names file and line.
 * For one thread.
 */
public interface MessageCursor extends Cursor<Message> {}
