/** Tests. */
@NullMarked
package io.nova.bench.side;

import org.jspecify.annotations.NullMarked;
