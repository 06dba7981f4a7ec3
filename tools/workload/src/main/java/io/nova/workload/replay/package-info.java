/** The replay of rejected messages. */
@NullMarked
package io.nova.workload.replay;

import org.jspecify.annotations.NullMarked;
