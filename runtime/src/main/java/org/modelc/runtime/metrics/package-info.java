/**
 * Metrics of results against truth, one file each, and what the best constant predictor reaches on
 * the same rows. Values are those of scikit-learn's functions of the same purpose.
 */
package org.modelc.runtime.metrics;
