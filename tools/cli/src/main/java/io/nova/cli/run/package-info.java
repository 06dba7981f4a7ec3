/** A run of {@code ./nova local}: sending, waiting, progress and the report at the end. */
@NullMarked
package io.nova.cli.run;

import org.jspecify.annotations.NullMarked;
