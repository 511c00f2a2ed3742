/** The template of attention and of its gradient. */
package org.modelc.codegen.cuda.attention;
