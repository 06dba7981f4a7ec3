/** The events that {@code nova bench} sends, and the rows that they must become. */
@NullMarked
package io.nova.bench.event;

import org.jspecify.annotations.NullMarked;
