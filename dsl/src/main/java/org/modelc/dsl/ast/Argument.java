package org.modelc.dsl.ast;

import java.util.Optional;
import org.modelc.ir.diagnostic.SourceSpan;

/**
 * An argument of a call.
 *
 * @param name the parameter it is for; without one it goes by position
 */
public record Argument(Optional<Name> name, Expression value, SourceSpan span) implements Node {}
