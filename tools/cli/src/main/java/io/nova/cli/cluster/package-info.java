/** A broker and a Flink cluster of several processes on this machine. */
@NullMarked
package io.nova.cli.cluster;

import org.jspecify.annotations.NullMarked;
