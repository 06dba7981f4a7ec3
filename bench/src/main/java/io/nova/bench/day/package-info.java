/** Benchmarks that send a generated day through the whole job, for each set of options. */
@NullMarked
package io.nova.bench.day;

import org.jspecify.annotations.NullMarked;
