/** Intake: from messages to events for the shards. */
@NullMarked
package io.nova.job.intake;

import org.jspecify.annotations.NullMarked;
