/**
 * Rows in which compiled programs stand against other engines. Each engine runs in a process of its
 * own, so that none meets another's libraries or threads, and is asked in turns for the time of so
 * many calls. All get the same parameters and inputs, and their results are compared before any
 * time is taken.
 */
package org.modelc.benchmarks.contest;
