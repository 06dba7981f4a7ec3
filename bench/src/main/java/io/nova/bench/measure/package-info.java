/** What {@code nova bench} measures with: rates, CPU time of threads, judged rows, plots. */
@NullMarked
package io.nova.bench.measure;

import org.jspecify.annotations.NullMarked;
