package org.modelc.dsl.ast;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.modelc.ir.diagnostic.SourceSpan;

/** One sentence of a compression. */
public sealed interface CompressSentence extends Node {

  /** One method for each kind of sentence. */
  interface Visitor<R> {
    R visit(Prune sentence);

    R visit(Factorize sentence);

    R visit(Quantize sentence);

    R visit(Require sentence);

    R visit(Broken sentence);
  }

  /** Calls the visitor's method for this kind. */
  <R> R accept(Visitor<R> visitor);

  /** What is pruned. */
  enum PruneKind {
    /** The least of all weights that are named. */
    MAGNITUDE,
    /** The least of each weight that is named: {@code magnitude 0.6 of each}. */
    MAGNITUDE_OF_EACH,
    /** Of all weights that are named those that training moves towards 0. */
    MOVEMENT,
    /** Of each weight that is named. */
    MOVEMENT_OF_EACH,
    STRUCTURED,
    /** n of m neighbouring weights stay. */
    N_OF_M
  }

  /**
   * {@code prune magnitude 0.6 over conv, dense during 3 epochs}.
   *
   * @param rewind whether what is left begins anew with its first values
   * @param amount the share pruned, or n of n:m
   * @param group m of n:m, else 0
   */
  record Prune(
      PruneKind kind,
      double amount,
      long group,
      List<Pattern> over,
      boolean rewind,
      OptionalLong epochs,
      SourceSpan span)
      implements CompressSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * {@code factorize error 0.05 over dense during 3 epochs}.
   *
   * @param error how far two factors may be from their matrix, as a share of it
   * @param epochs how long the factors are trained, if written
   */
  record Factorize(double error, List<Pattern> over, OptionalLong epochs, SourceSpan span)
      implements CompressSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * {@code quantize int8 calibrated on 512 of fashion.train by percentile 99.9}.
   *
   * @param weightsOnly whether activations stay as they are
   * @param group how many weights share a scale
   * @param budget of mixed types: the share of bytes that may be left, if written
   * @param calibrationRows how many rows set the ranges, with the data set and its part
   * @param method how they set it, if written
   * @param methodNumber a setting of the method, if written
   * @param epochs how long it is trained so, if written
   */
  record Quantize(
      Name type,
      boolean weightsOnly,
      Optional<Name> inputs,
      OptionalLong group,
      Optional<Double> budget,
      List<Pattern> over,
      OptionalLong calibrationRows,
      List<Name> calibrationData,
      Optional<Name> method,
      Optional<Double> methodNumber,
      boolean duringTraining,
      OptionalLong epochs,
      SourceSpan span)
      implements CompressSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code require accuracy >= 0.89, jar <= 200 KB}, of the compressed model. */
  record Require(List<Requirement> requirements, SourceSpan span) implements CompressSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * What could not be parsed; a syntax diagnostic tells of it.
   *
   * @param head its first word, if it has one
   */
  record Broken(Optional<Name> head, SourceSpan span) implements CompressSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
