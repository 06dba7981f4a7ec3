/** Tests. */
@NullMarked
package io.nova.bench.event;

import org.jspecify.annotations.NullMarked;
