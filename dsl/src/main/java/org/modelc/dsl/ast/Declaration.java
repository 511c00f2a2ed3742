package org.modelc.dsl.ast;

import java.util.List;
import java.util.Optional;
import org.modelc.ir.diagnostic.SourceSpan;

/** What stands at the top of a file. */
public sealed interface Declaration extends Node {

  /** One method for each kind of declaration. */
  interface Visitor<R> {
    R visit(Import declaration);

    R visit(Model declaration);

    R visit(Layer declaration);

    R visit(Function declaration);

    R visit(Data declaration);

    R visit(Train declaration);

    R visit(Compress declaration);

    R visit(Broken declaration);
  }

  /** Calls the visitor's method for this kind. */
  <R> R accept(Visitor<R> visitor);

  /** {@code import "layers.model"}: the layers and functions of another file. */
  record Import(String file, SourceSpan span) implements Declaration {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * A model.
   *
   * @param documentation text of its doc comment, empty without one
   * @param parameters static ones, each with a default
   */
  record Model(
      Name name,
      String documentation,
      List<Parameter> parameters,
      List<Member> members,
      SourceSpan span)
      implements Declaration {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * A layer: {@code layer name(statics)(inputs) -> result where bounds { body }}.
   *
   * @param result the declared type, if any
   * @param bounds the conditions after {@code where}
   * @param body a block; {@code = expression} is a block of that one expression
   */
  record Layer(
      Name name,
      String documentation,
      List<Parameter> statics,
      List<Parameter> inputs,
      Optional<TypeExpression> result,
      List<Expression> bounds,
      Block body,
      SourceSpan span)
      implements Declaration {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * A function, in a model or outside.
   *
   * @param exported whether Java can call it
   * @param stream whether it runs on a session with caches
   * @param body a block; {@code = expression} is a block of that one expression
   */
  record Function(
      Name name,
      String documentation,
      boolean exported,
      boolean stream,
      List<Parameter> parameters,
      Optional<TypeExpression> result,
      List<Expression> bounds,
      Block body,
      SourceSpan span)
      implements Declaration, Member {
    @Override
    public <R> R accept(Declaration.Visitor<R> visitor) {
      return visitor.visit(this);
    }

    @Override
    public <R> R accept(Member.Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** A data set. */
  record Data(Name name, String documentation, List<DataSentence> sentences, SourceSpan span)
      implements Declaration {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** A recipe: {@code train model on data { … }}. */
  record Train(
      Name model, Name data, String documentation, List<TrainSentence> sentences, SourceSpan span)
      implements Declaration {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** A compression, run after training. */
  record Compress(
      Name model, String documentation, List<CompressSentence> sentences, SourceSpan span)
      implements Declaration {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** What could not be parsed; a syntax diagnostic tells of it. */
  record Broken(SourceSpan span) implements Declaration {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
