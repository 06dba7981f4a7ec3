/** The live server: serves the live view of one subtask to queries. */
@NullMarked
package io.nova.live.server;

import org.jspecify.annotations.NullMarked;
