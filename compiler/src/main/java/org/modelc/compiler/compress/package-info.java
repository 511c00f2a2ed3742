/** Compression of trained models: calibration, what was decided, and the table of it. */
package org.modelc.compiler.compress;
