/** The reference batch layer: it loads a closed batch into {@code nova.batch_events}. */
@NullMarked
package io.nova.cli.batch;

import org.jspecify.annotations.NullMarked;
