/** A broker and a Flink cluster of several processes on this machine, and the commands on them. */
@NullMarked
package io.nova.local;

import org.jspecify.annotations.NullMarked;
