/** Statements to the SQL gateway, and their rows as a table or JSON. */
@NullMarked
package io.nova.cli.sql;

import org.jspecify.annotations.NullMarked;
