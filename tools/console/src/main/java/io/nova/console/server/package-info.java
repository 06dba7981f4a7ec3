/** The HTTP server of the console: addresses, access, pages. */
@NullMarked
package io.nova.console.server;

import org.jspecify.annotations.NullMarked;
