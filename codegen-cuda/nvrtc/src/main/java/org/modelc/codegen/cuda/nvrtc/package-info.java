/** NVRTC, through the CUDA JavaCPP presets. */
package org.modelc.codegen.cuda.nvrtc;
