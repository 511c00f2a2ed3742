package org.modelc.runtime.spec;

/**
 * A range that each value of a loss's input must lie in.
 *
 * @param input the input's name
 * @param minimum the least value allowed
 * @param maximum the largest value allowed
 * @param reason who needs it: {@code binary_cross_entropy takes targets from 0 to 1}
 */
public record TargetRule(String input, double minimum, double maximum, String reason) {}
