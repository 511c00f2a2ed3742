package org.modelc.dsl.ast;

import java.util.Optional;
import org.modelc.ir.diagnostic.SourceSpan;

/**
 * A parameter of a model, layer or function.
 *
 * @param defaultValue what it is when not given
 */
public record Parameter(
    Name name, TypeExpression type, Optional<Expression> defaultValue, SourceSpan span)
    implements Node {}
