package org.modelc.dsl.ast;

import org.modelc.ir.diagnostic.SourceSpan;

/**
 * Parameters of a model: {@code conv} means all of that layer kind or function, {@code
 * "features.*"} all whose name matches.
 *
 * @param quoted whether it matches parameter names
 */
public record Pattern(String text, boolean quoted, SourceSpan span) implements Node {}
