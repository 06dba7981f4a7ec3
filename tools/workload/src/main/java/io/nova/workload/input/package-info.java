/** Messages to send, and the files that they are read from. */
@NullMarked
package io.nova.workload.input;

import org.jspecify.annotations.NullMarked;
