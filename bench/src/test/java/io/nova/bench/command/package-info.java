/** Tests. */
@NullMarked
package io.nova.bench.command;

import org.jspecify.annotations.NullMarked;
