/** A launch of a kernel, as both the fiber shim and the PTX interpreter take it. */
package org.modelc.testkit.gpu;
