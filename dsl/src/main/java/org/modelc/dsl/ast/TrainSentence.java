package org.modelc.dsl.ast;

import java.util.List;
import java.util.Optional;
import org.modelc.ir.diagnostic.SourceSpan;

/** One sentence of a recipe. */
public sealed interface TrainSentence extends Node {

  /** One method for each kind of sentence. */
  interface Visitor<R> {
    R visit(Minimize sentence);

    R visit(EachStep sentence);

    R visit(ClassWeight sentence);

    R visit(Batch sentence);

    R visit(Epochs sentence);

    R visit(StopWithoutBetter sentence);

    R visit(StopWhenStable sentence);

    R visit(Clip sentence);

    R visit(Penalty sentence);

    R visit(Validate sentence);

    R visit(Checkpoint sentence);

    R visit(Seed sentence);

    R visit(Log sentence);

    R visit(Augment sentence);

    R visit(Distill sentence);

    R visit(Measure sentence);

    R visit(Require sentence);

    R visit(Broken sentence);
  }

  /** Calls the visitor's method for this kind. */
  <R> R accept(Visitor<R> visitor);

  /** What is clipped. */
  enum ClipKind {
    NORM,
    VALUE
  }

  /** What is added to the loss: sums of absolute values or of squares. */
  enum PenaltyKind {
    L1,
    L2
  }

  /**
   * One measure of {@code measure}.
   *
   * @param value a call such as {@code auc(predict.risk, bad)}
   * @param name what it is called, when not after the function
   */
  record Measured(Expression value, Optional<Name> name, SourceSpan span) implements Node {}

  /**
   * {@code minimize loss over critic with adam(1e-3)}.
   *
   * @param over empty means all parameters that the loss uses
   */
  record Minimize(Expression loss, List<Pattern> over, Expression optimiser, SourceSpan span)
      implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code each step { minimize … minimize … }}: several updates a step, in order. */
  record EachStep(List<Minimize> updates, SourceSpan span) implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * {@code class_weight balanced by bad} or {@code class_weight [1, 5] by bad}.
   *
   * @param weights by class index; empty means balanced
   */
  record ClassWeight(List<Double> weights, Name column, SourceSpan span) implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code batch 128}. */
  record Batch(long size, SourceSpan span) implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code epochs 40}. */
  record Epochs(long count, SourceSpan span) implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code stop after 5 epochs without better auc}. */
  record StopWithoutBetter(long epochs, Name measure, SourceSpan span) implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code stop when loss changes by less than 1e-4 for 3 epochs}. */
  record StopWhenStable(Name measure, double change, long epochs, SourceSpan span)
      implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code clip norm 1.0} of all gradients together, or {@code clip value 0.5} of each element. */
  record Clip(ClipKind kind, double limit, SourceSpan span) implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * {@code penalty l2 1e-4 over dense}.
   *
   * @param over empty means all parameters
   */
  record Penalty(PenaltyKind kind, double rate, List<Pattern> over, SourceSpan span)
      implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code validate with 5 folds}. */
  record Validate(long folds, SplitOptions options, SourceSpan span) implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code checkpoint every 5 epochs}. */
  record Checkpoint(long epochs, SourceSpan span) implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code seed 7}. */
  record Seed(long value, SourceSpan span) implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code log every 100 steps}. */
  record Log(long steps, SourceSpan span) implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code augment image with shift(2), flip()}. */
  record Augment(Name input, List<Expression> transforms, SourceSpan span)
      implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code distill predict.probabilities with teacher("Big.jar", temperature: 4)}. */
  record Distill(Expression result, Expression teacher, SourceSpan span) implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code measure auc(predict.risk, bad), accuracy(predict.label, label)}. */
  record Measure(List<Measured> measures, SourceSpan span) implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code require auc >= 0.84, jar <= 300 KB}. */
  record Require(List<Requirement> requirements, SourceSpan span) implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** What could not be parsed; a syntax diagnostic tells of it. */
  record Broken(SourceSpan span) implements TrainSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
