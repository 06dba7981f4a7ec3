/** The commands of {@code nova bench}. */
@NullMarked
package io.nova.bench.command;

import org.jspecify.annotations.NullMarked;
