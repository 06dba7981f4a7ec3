/** Messages to send, read byte for byte. */
@NullMarked
package io.nova.workload.input;

import org.jspecify.annotations.NullMarked;
