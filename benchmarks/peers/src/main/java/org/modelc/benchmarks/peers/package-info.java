/**
 * Other engines, each at its best settings, over the same parameters and inputs as our programs.
 */
package org.modelc.benchmarks.peers;
