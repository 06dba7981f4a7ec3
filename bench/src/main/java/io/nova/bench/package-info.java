/** Benchmarks. Each measures Nova and a peer in the same run. */
@NullMarked
package io.nova.bench;

import org.jspecify.annotations.NullMarked;
