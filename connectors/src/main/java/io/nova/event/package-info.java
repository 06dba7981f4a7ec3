/**
 * What an event is: the record, its identity and its shard, and how the bytes that came are read.
 */
@NullMarked
package io.nova.event;

import org.jspecify.annotations.NullMarked;
