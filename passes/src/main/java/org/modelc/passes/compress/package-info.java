/**
 * Compression of inference programs whose parameters do not change any more: which weights there
 * are, how each is stored, and the programs that read them so. Reasons stand in
 * docs/decisions/0400-compression.md.
 */
package org.modelc.passes.compress;
