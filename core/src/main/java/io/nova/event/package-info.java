/** The event record: a message in, its fields or the reason of its rejection out. */
@NullMarked
package io.nova.event;

import org.jspecify.annotations.NullMarked;
