/**
 * Learned transforms of raw columns into input tensors: fitted on training rows, saved in the jar,
 * applied to raw values when predicting. One file a kind; {@link
 * org.modelc.runtime.transform.TransformRegistry} lists them.
 */
package org.modelc.runtime.transform;
