/** The audit of a batch: rows and a digest that any SQL engine can compute again. */
@NullMarked
package io.nova.event.audit;

import org.jspecify.annotations.NullMarked;
