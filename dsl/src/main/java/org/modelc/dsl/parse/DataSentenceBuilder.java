package org.modelc.dsl.parse;

import org.modelc.dsl.ast.DataSentence;
import org.modelc.dsl.ast.DataSentence.OutlierAction;
import org.modelc.dsl.ast.DataSentence.OutlierMethod;
import org.modelc.dsl.grammar.ModelBaseVisitor;
import org.modelc.dsl.grammar.ModelParser.DataSentenceContext;
import org.modelc.dsl.grammar.ModelParser.DefinitionSentenceContext;
import org.modelc.dsl.grammar.ModelParser.DropDuplicatesSentenceContext;
import org.modelc.dsl.grammar.ModelParser.DropMissingSentenceContext;
import org.modelc.dsl.grammar.ModelParser.FoldsSentenceContext;
import org.modelc.dsl.grammar.ModelParser.OutliersSentenceContext;
import org.modelc.dsl.grammar.ModelParser.PercentContext;
import org.modelc.dsl.grammar.ModelParser.SplitSentenceContext;

/** Builds the sentences of a data set. */
final class DataSentenceBuilder extends ModelBaseVisitor<DataSentence> {
  private final TreeContext tree;
  private final SentenceParts parts;
  private final ExpressionBuilder expressions;

  DataSentenceBuilder(TreeContext tree, SentenceParts parts, ExpressionBuilder expressions) {
    this.tree = tree;
    this.parts = parts;
    this.expressions = expressions;
  }

  DataSentence sentence(DataSentenceContext context) {
    return context.exception == null ? visit(context) : new DataSentence.Broken(tree.span(context));
  }

  @Override
  public DataSentence visitDefinitionSentence(DefinitionSentenceContext context) {
    return new DataSentence.Definition(
        tree.name(context.name()),
        expressions.expression(context.expression()),
        tree.span(context));
  }

  @Override
  public DataSentence visitSplitSentence(SplitSentenceContext context) {
    return new DataSentence.Split(
        share(context.percent(0)),
        share(context.percent(1)),
        share(context.percent(2)),
        parts.split(context.splitOption()),
        tree.span(context));
  }

  private double share(PercentContext context) {
    return parts.number(context.number()) / 100;
  }

  @Override
  public DataSentence visitFoldsSentence(FoldsSentenceContext context) {
    return new DataSentence.Folds(
        tree.integer(context.INTEGER().getSymbol()),
        parts.split(context.splitOption()),
        tree.span(context));
  }

  @Override
  public DataSentence visitDropMissingSentence(DropMissingSentenceContext context) {
    return new DataSentence.DropMissing(parts.columns(context.columnList()), tree.span(context));
  }

  @Override
  public DataSentence visitDropDuplicatesSentence(DropDuplicatesSentenceContext context) {
    return new DataSentence.DropDuplicates(tree.span(context));
  }

  @Override
  public DataSentence visitOutliersSentence(OutliersSentenceContext context) {
    return new DataSentence.Outliers(
        context.CLIP() == null ? OutlierAction.DROP : OutlierAction.CLIP,
        parts.columns(context.columnList()),
        context.IQR() == null ? OutlierMethod.Z : OutlierMethod.IQR,
        parts.number(context.number()),
        tree.span(context));
  }
}
