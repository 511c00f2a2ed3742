/**
 * The pass manager and every pass: composites are expanded, graphs simplified, training steps
 * assembled, and graphs lowered to kernels that are fused and laid out in memory.
 */
package org.modelc.passes;
