package org.modelc.codegen.llvm.schedule;

/**
 * A product that a program computes.
 *
 * @param kernel its fingerprint: dtype, shape, how its factors lie, what becomes of its sums; the
 *     same whatever its program's values and dims are called
 * @param schedule how it runs
 * @param choices how else it could
 */
public record ScheduledProduct(String kernel, ProductSchedule schedule, ProductChoices choices) {}
