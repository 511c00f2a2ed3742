package org.modelc.dsl.ast;

import java.util.List;
import java.util.Optional;
import org.modelc.ir.diagnostic.SourceSpan;

/** A type as written. */
public sealed interface TypeExpression extends Node {

  /** One method for each kind of type. */
  interface Visitor<R> {
    R visit(Tensor type);

    R visit(Sparse type);

    R visit(Record type);

    R visit(ListOf type);

    R visit(Named type);
  }

  /** Calls the visitor's method for this kind. */
  <R> R accept(Visitor<R> visitor);

  /** One entry between the brackets of a tensor type. */
  sealed interface Dim extends Node {}

  /** A size: a name that is bound or met here, or an expression of such. */
  record Size(Expression value, SourceSpan span) implements Dim {}

  /** {@code ...} or {@code ...name}: any number of leading dims. */
  record Ellipsis(Optional<Name> name, SourceSpan span) implements Dim {}

  /** {@code f32[B, n]}. */
  record Tensor(Name dtype, List<Dim> dims, SourceSpan span) implements TypeExpression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code csr f32[N, N]}. */
  record Sparse(Name dtype, List<Dim> dims, SourceSpan span) implements TypeExpression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code (risk: f32[B])}. */
  record Record(List<Field> fields, SourceSpan span) implements TypeExpression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** One field of a record type. */
  record Field(Name name, TypeExpression type, SourceSpan span) implements Node {}

  /** {@code [int]}: a static list. */
  record ListOf(TypeExpression element, SourceSpan span) implements TypeExpression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * {@code int}, {@code float}, {@code bool}, {@code text}, {@code layer}, {@code fn}, {@code f32}.
   */
  record Named(Name name, SourceSpan span) implements TypeExpression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
