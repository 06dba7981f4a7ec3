/** The encoded row of an event: its columns, encoder and cursor. */
@NullMarked
package io.nova.event.row;

import org.jspecify.annotations.NullMarked;
