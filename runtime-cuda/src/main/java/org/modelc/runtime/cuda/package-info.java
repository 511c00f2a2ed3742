/**
 * Programs on an NVIDIA GPU by the driver alone (libcuda.so.1, nvcuda.dll): no toolkit is needed.
 * docs/decisions/0620-cuda-launcher.md.
 */
package org.modelc.runtime.cuda;
