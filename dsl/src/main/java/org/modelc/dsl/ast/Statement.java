package org.modelc.dsl.ast;

import java.util.List;
import java.util.Optional;
import org.modelc.ir.diagnostic.SourceSpan;

/** One statement of a body. */
public sealed interface Statement extends Node {

  /** One method for each kind of statement. */
  interface Visitor<R> {
    R visit(Let statement);

    R visit(Var statement);

    R visit(Param statement);

    R visit(State statement);

    R visit(Cache statement);

    R visit(Assign statement);

    R visit(For statement);

    R visit(Emit statement);

    R visit(Evaluate statement);

    R visit(Broken statement);
  }

  /** Calls the visitor's method for this kind. */
  <R> R accept(Visitor<R> visitor);

  /** {@code let a = …} or {@code let (a, b) = …}. */
  record Let(Binding binding, Optional<TypeExpression> type, Expression value, SourceSpan span)
      implements Statement, Member {
    @Override
    public <R> R accept(Statement.Visitor<R> visitor) {
      return visitor.visit(this);
    }

    @Override
    public <R> R accept(Member.Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code var a = …}: may be assigned, then with another type. */
  record Var(Binding binding, Optional<TypeExpression> type, Expression value, SourceSpan span)
      implements Statement {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * {@code param w: f32[n, m] = glorot_uniform()}.
   *
   * @param initial how it starts; zeros without one
   */
  record Param(
      Name name,
      String documentation,
      TypeExpression type,
      Optional<Expression> initial,
      SourceSpan span)
      implements Statement, Member {
    @Override
    public <R> R accept(Statement.Visitor<R> visitor) {
      return visitor.visit(this);
    }

    @Override
    public <R> R accept(Member.Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code state mean: f32[c] = zeros()}: saved with the parameters, written by training only. */
  record State(
      Name name,
      String documentation,
      TypeExpression type,
      Optional<Expression> initial,
      SourceSpan span)
      implements Statement, Member {
    @Override
    public <R> R accept(Statement.Visitor<R> visitor) {
      return visitor.visit(this);
    }

    @Override
    public <R> R accept(Member.Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code cache k: f32[B, 0, d]}: lives as long as the session of a stream function. */
  record Cache(Name name, TypeExpression type, Optional<Expression> initial, SourceSpan span)
      implements Statement {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code x = …}: gives a var or state a new value. */
  record Assign(Name name, Expression value, SourceSpan span) implements Statement {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * {@code for c in [64, 128] { … }} or {@code for i in 0..depth { … }}: unrolled.
   *
   * @param from the list, or the first number of the range
   * @param to the number after the last of the range
   */
  record For(Binding binding, Expression from, Optional<Expression> to, Block body, SourceSpan span)
      implements Statement {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code emit h}: what a scan stacks. */
  record Emit(List<Expression> values, SourceSpan span) implements Statement {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** An expression: the value of the block when it stands last. */
  record Evaluate(Expression value, SourceSpan span) implements Statement {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * What could not be parsed; a syntax diagnostic tells of it.
   *
   * @param names the names it would have declared, so that their uses are not reported as unknown
   */
  record Broken(List<Name> names, SourceSpan span) implements Statement, Member {
    @Override
    public <R> R accept(Statement.Visitor<R> visitor) {
      return visitor.visit(this);
    }

    @Override
    public <R> R accept(Member.Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
