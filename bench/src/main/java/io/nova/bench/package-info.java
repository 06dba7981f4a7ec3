/** Measurements, each beside its peer in the same run. */
@NullMarked
package io.nova.bench;

import org.jspecify.annotations.NullMarked;
