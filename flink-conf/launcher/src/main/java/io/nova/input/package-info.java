/** Messages to be sent: where they come from and how they are read, byte for byte. */
@NullMarked
package io.nova.input;

import org.jspecify.annotations.NullMarked;
