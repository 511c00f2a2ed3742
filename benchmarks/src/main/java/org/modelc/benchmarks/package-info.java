/**
 * Speed of compiled programs, as ratios to what the machine can do, measured in turns in one
 * process. {@link org.modelc.benchmarks.Rows} prints them; the classes named {@code …Benchmark} are
 * for JMH.
 */
package org.modelc.benchmarks;
