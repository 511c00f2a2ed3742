/** The report of a training: one HTML file with everything in it, readable without a network. */
package org.modelc.compiler.report;
