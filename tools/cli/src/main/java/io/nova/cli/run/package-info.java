/** A run of {@code ./nova local}: it sends, waits, shows progress and tells the outcome. */
@NullMarked
package io.nova.cli.run;

import org.jspecify.annotations.NullMarked;
