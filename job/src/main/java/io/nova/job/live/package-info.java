/** The publisher of live views, which follows checkpoints and the table. */
@NullMarked
package io.nova.job.live;

import org.jspecify.annotations.NullMarked;
