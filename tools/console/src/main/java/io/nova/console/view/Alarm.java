package io.nova.console.view;

/**
 * A state that needs a person.
 *
 * @param name the name of the alert rule for Prometheus
 * @param text what is wrong, in one sentence
 * @param section the section of the runbook
 */
public record Alarm(String name, String text, String section) {}
