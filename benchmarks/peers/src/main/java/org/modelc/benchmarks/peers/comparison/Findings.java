package org.modelc.benchmarks.peers.comparison;

import java.util.Set;

/**
 * What was found out about an engine.
 *
 * @param title as the table names it
 * @param dependency the jars on the class path
 * @param files what lies in the home and temporary folders while it runs
 * @param firstStart seconds from the launch to the first prediction, with nothing unpacked yet
 * @param laterStart the same once everything is, the median
 * @param peakBytes resident memory after a later start's prediction, at most, the median
 * @param callNanos a call of the tiny network with one row
 * @param threads those that run besides the JVM's own, by name, where one thread was asked for
 * @param processors processor time over time while it predicts
 * @param foreign symbols of its libraries that musl has not; null if nobody could tell
 * @param metadata whether a jar of it has metadata for native-image
 */
record Findings(
    String title,
    Contender.Size dependency,
    Contender.Size files,
    double firstStart,
    double laterStart,
    long peakBytes,
    double callNanos,
    Set<String> threads,
    double processors,
    Set<String> foreign,
    boolean metadata) {}
