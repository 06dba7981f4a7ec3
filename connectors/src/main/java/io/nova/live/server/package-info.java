/** The server of live views in each subtask of the job. */
@NullMarked
package io.nova.live.server;

import org.jspecify.annotations.NullMarked;
