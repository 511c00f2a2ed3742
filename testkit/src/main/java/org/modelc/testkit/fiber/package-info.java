/**
 * CUDA C++ text on this machine's processor: compiled by g++ beside a small runtime (resources of
 * this package), the threads of a block as fibers. docs/decisions/0610-cuda-verification.md.
 */
package org.modelc.testkit.fiber;
