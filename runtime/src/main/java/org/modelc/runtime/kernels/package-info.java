/** What generated kernels call: the sharing of loops, matrix rows, number formats. */
package org.modelc.runtime.kernels;
