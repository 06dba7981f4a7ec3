/** Tests. */
@NullMarked
package io.nova.bench.measure;

import org.jspecify.annotations.NullMarked;
