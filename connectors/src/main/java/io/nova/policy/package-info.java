/** What counts as the same event, for how long, and what another payload means: for each app. */
@NullMarked
package io.nova.policy;

import org.jspecify.annotations.NullMarked;
