package org.modelc.dsl.ast;

import java.util.Optional;
import org.modelc.ir.diagnostic.SourceSpan;

/** What stands in a model: inputs, functions, and the lets, params and states they share. */
public sealed interface Member extends Node
    permits Member.Input,
        Declaration.Function,
        Statement.Let,
        Statement.Param,
        Statement.State,
        Statement.Broken {

  /** One method for each kind of member. */
  interface Visitor<R> {
    R visit(Input member);

    R visit(Declaration.Function member);

    R visit(Statement.Let member);

    R visit(Statement.Param member);

    R visit(Statement.State member);

    R visit(Statement.Broken member);
  }

  /** Calls the visitor's method for this kind. */
  <R> R accept(Visitor<R> visitor);

  /**
   * A learned transform of raw columns: {@code input features = standardized(Age, Income)}.
   *
   * @param type its type, where the user states it
   */
  record Input(
      Name name,
      String documentation,
      Optional<TypeExpression> type,
      Expression value,
      SourceSpan span)
      implements Member {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
