/** The client of the console's fast path. */
@NullMarked
package io.nova.cli.ask;

import org.jspecify.annotations.NullMarked;
