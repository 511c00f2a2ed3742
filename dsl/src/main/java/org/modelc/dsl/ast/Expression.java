package org.modelc.dsl.ast;

import java.util.List;
import java.util.Optional;
import org.modelc.ir.diagnostic.SourceSpan;

/** An expression as written. */
public sealed interface Expression extends Node {

  /** One method for each kind of expression. */
  interface Visitor<R> {
    R visit(IntegerLiteral expression);

    R visit(FloatLiteral expression);

    R visit(BoolLiteral expression);

    R visit(TextLiteral expression);

    R visit(Reference expression);

    R visit(Field expression);

    R visit(Index expression);

    R visit(Call expression);

    R visit(Unary expression);

    R visit(Binary expression);

    R visit(Pipe expression);

    R visit(If expression);

    R visit(Scan expression);

    R visit(ListLiteral expression);

    R visit(RecordLiteral expression);

    R visit(TupleLiteral expression);

    R visit(As expression);

    R visit(Broken expression);
  }

  /** Calls the visitor's method for this kind. */
  <R> R accept(Visitor<R> visitor);

  /** {@code 128}. */
  record IntegerLiteral(long value, SourceSpan span) implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code 1e-3}. */
  record FloatLiteral(double value, SourceSpan span) implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code true} or {@code false}. */
  record BoolLiteral(boolean value, SourceSpan span) implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code "median"}, without quotes and escapes. */
  record TextLiteral(String value, SourceSpan span) implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** A name that is used. */
  record Reference(Name name) implements Expression {
    @Override
    public SourceSpan span() {
      return name.span();
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code q.mean}. */
  record Field(Expression target, Name name, SourceSpan span) implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code widths[0]}: one entry of a static list or of a tuple. */
  record Index(Expression target, Expression index, SourceSpan span) implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code conv(c, 3, stride: 2)}. */
  record Call(Expression target, List<Argument> arguments, SourceSpan span) implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code -x}. */
  record Unary(UnaryOperator operator, Expression operand, SourceSpan span) implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code a + b}. */
  record Binary(BinaryOperator operator, Expression left, Expression right, SourceSpan span)
      implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * {@code input |> stage as binding}: the stage gets the input as its first.
   *
   * @param binding the name of this occurrence
   */
  record Pipe(Expression input, Expression stage, Optional<Name> binding, SourceSpan span)
      implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code if c { a } else { b }} on a static condition. */
  record If(Expression condition, Block then, Optional<Block> otherwise, SourceSpan span)
      implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code scan x_t in x along T reverse with var h = zeros(B) { … }}. */
  record Scan(
      List<Sequence> sequences,
      Expression along,
      boolean reverse,
      Optional<Expression> lengths,
      List<Carry> carries,
      Block body,
      SourceSpan span)
      implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code x_t in x} of a scan. */
  record Sequence(Binding binding, Expression value, SourceSpan span) implements Node {}

  /** {@code var h = zeros(B, units)} of a scan. */
  record Carry(Name name, Optional<TypeExpression> type, Expression initial, SourceSpan span)
      implements Node {}

  /** {@code [64, 128, 256]}. */
  record ListLiteral(List<Expression> elements, SourceSpan span) implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code (risk: sigmoid(z))}. */
  record RecordLiteral(List<RecordField> fields, SourceSpan span) implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** One field of a record. */
  record RecordField(Name name, Expression value, SourceSpan span) implements Node {}

  /** {@code (a, b)}. */
  record TupleLiteral(List<Expression> elements, SourceSpan span) implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code columns("pixel_*") as f32[8, 8]}. */
  record As(Expression value, TypeExpression type, SourceSpan span) implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** What could not be parsed; a syntax diagnostic tells of it. */
  record Broken(SourceSpan span) implements Expression {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
