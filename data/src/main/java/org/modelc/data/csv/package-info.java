/** Comma-separated values, in memory or read from disk by pages. */
package org.modelc.data.csv;
