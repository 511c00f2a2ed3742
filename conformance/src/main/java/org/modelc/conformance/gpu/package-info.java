/** What the first GPU is asked; docs/first-gpu.md. */
package org.modelc.conformance.gpu;
