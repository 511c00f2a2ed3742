package org.modelc.dsl.ast;

import java.util.List;
import org.modelc.ir.diagnostic.SourceSpan;

/** One sentence of a data set. */
public sealed interface DataSentence extends Node {

  /** One method for each kind of sentence. */
  interface Visitor<R> {
    R visit(Definition sentence);

    R visit(Split sentence);

    R visit(Folds sentence);

    R visit(DropMissing sentence);

    R visit(DropDuplicates sentence);

    R visit(Outliers sentence);

    R visit(Broken sentence);
  }

  /** Calls the visitor's method for this kind. */
  <R> R accept(Visitor<R> visitor);

  /**
   * {@code rows = csv("credit.csv")}: a source, when the name is rows, train, validation or test
   * and the value one of csv, idx, folder, jsonl; else a derived column.
   */
  record Definition(Name name, Expression value, SourceSpan span) implements DataSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * {@code split 70% / 15% / 15% stratified by bad seed 7}.
   *
   * @param training share of the rows, 0 to 1; likewise the others
   */
  record Split(
      double training, double validation, double test, SplitOptions options, SourceSpan span)
      implements DataSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code 5 folds stratified by bad seed 7}. */
  record Folds(long count, SplitOptions options, SourceSpan span) implements DataSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * {@code drop missing in Age, Income}.
   *
   * @param columns empty means any column
   */
  record DropMissing(List<Name> columns, SourceSpan span) implements DataSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** {@code drop duplicates}. */
  record DropDuplicates(SourceSpan span) implements DataSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** What to do with outliers. */
  enum OutlierAction {
    CLIP,
    DROP
  }

  /** How outliers are told: by distance from the quartiles or from the mean. */
  enum OutlierMethod {
    IQR,
    Z
  }

  /**
   * {@code clip outliers of Income by iqr 1.5}.
   *
   * @param factor in interquartile ranges or standard deviations
   */
  record Outliers(
      OutlierAction action,
      List<Name> columns,
      OutlierMethod method,
      double factor,
      SourceSpan span)
      implements DataSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** What could not be parsed; a syntax diagnostic tells of it. */
  record Broken(SourceSpan span) implements DataSentence {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
