/** What users of engines have to live with besides their speed: sizes, files, memory, threads. */
package org.modelc.benchmarks.peers.comparison;
