/** From graphs to loaded code: every program of a model through the passes and the backend. */
package org.modelc.compiler.program;
