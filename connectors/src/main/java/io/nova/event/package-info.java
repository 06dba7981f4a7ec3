/**
 * The event record: its columns, how a message is read into them, and what makes two events the
 * same.
 */
@NullMarked
package io.nova.event;

import org.jspecify.annotations.NullMarked;
