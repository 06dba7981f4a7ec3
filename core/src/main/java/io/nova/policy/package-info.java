/** The policies of apps: identity fields, dedup window, and the rule for conflicting payloads. */
@NullMarked
package io.nova.policy;

import org.jspecify.annotations.NullMarked;
