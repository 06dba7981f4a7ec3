/** The publisher of live views, and what it knows of checkpoints and of the table. */
@NullMarked
package io.nova.job.live;

import org.jspecify.annotations.NullMarked;
