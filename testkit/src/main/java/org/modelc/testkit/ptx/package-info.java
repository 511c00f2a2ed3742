/**
 * Executes PTX as a driver would be given it, and watches what no hardware tells: races, memory
 * that nothing wrote, lanes that wait in vain. Written from NVIDIA's "Parallel Thread Execution
 * ISA" and from nothing else; docs/decisions/0610-cuda-verification.md.
 */
package org.modelc.testkit.ptx;
