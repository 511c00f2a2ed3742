package org.modelc.maven;

/**
 * How much worse than the baseline a figure may be.
 *
 * @param metrics the share of its value that a measure may lose
 * @param latency how many times the latency may be
 * @param size how many times jar and memory may be
 */
record Tolerances(double metrics, double latency, double size) {}
