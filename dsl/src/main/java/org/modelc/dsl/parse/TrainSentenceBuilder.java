package org.modelc.dsl.parse;

import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.modelc.dsl.ast.TrainSentence;
import org.modelc.dsl.ast.TrainSentence.ClipKind;
import org.modelc.dsl.ast.TrainSentence.PenaltyKind;
import org.modelc.dsl.grammar.ModelBaseVisitor;
import org.modelc.dsl.grammar.ModelParser.AugmentSentenceContext;
import org.modelc.dsl.grammar.ModelParser.BatchSentenceContext;
import org.modelc.dsl.grammar.ModelParser.CheckpointSentenceContext;
import org.modelc.dsl.grammar.ModelParser.ClassWeightSentenceContext;
import org.modelc.dsl.grammar.ModelParser.ClipSentenceContext;
import org.modelc.dsl.grammar.ModelParser.DistillSentenceContext;
import org.modelc.dsl.grammar.ModelParser.EachStepSentenceContext;
import org.modelc.dsl.grammar.ModelParser.EpochsSentenceContext;
import org.modelc.dsl.grammar.ModelParser.LogSentenceContext;
import org.modelc.dsl.grammar.ModelParser.MeasureContext;
import org.modelc.dsl.grammar.ModelParser.MeasureSentenceContext;
import org.modelc.dsl.grammar.ModelParser.MinimizeContext;
import org.modelc.dsl.grammar.ModelParser.MinimizeSentenceContext;
import org.modelc.dsl.grammar.ModelParser.PenaltySentenceContext;
import org.modelc.dsl.grammar.ModelParser.RequireSentenceContext;
import org.modelc.dsl.grammar.ModelParser.SeedSentenceContext;
import org.modelc.dsl.grammar.ModelParser.StopWhenStableSentenceContext;
import org.modelc.dsl.grammar.ModelParser.StopWithoutBetterSentenceContext;
import org.modelc.dsl.grammar.ModelParser.TrainSentenceContext;
import org.modelc.dsl.grammar.ModelParser.ValidateSentenceContext;

/** Builds the sentences of a recipe. */
final class TrainSentenceBuilder extends ModelBaseVisitor<TrainSentence> {
  private final TreeContext tree;
  private final SentenceParts parts;
  private final ExpressionBuilder expressions;

  TrainSentenceBuilder(TreeContext tree, SentenceParts parts, ExpressionBuilder expressions) {
    this.tree = tree;
    this.parts = parts;
    this.expressions = expressions;
  }

  TrainSentence sentence(TrainSentenceContext context) {
    return context.exception == null
        ? visit(context)
        : new TrainSentence.Broken(tree.span(context));
  }

  private long integer(TerminalNode node) {
    return tree.integer(node.getSymbol());
  }

  @Override
  public TrainSentence visitMinimizeSentence(MinimizeSentenceContext context) {
    return minimize(context.minimize());
  }

  private TrainSentence.Minimize minimize(MinimizeContext context) {
    return new TrainSentence.Minimize(
        expressions.postfix(context.postfix(0)),
        parts.patterns(context.patternList()),
        expressions.postfix(context.postfix(1)),
        tree.span(context));
  }

  @Override
  public TrainSentence visitEachStepSentence(EachStepSentenceContext context) {
    List<TrainSentence.Minimize> updates = context.minimize().stream().map(this::minimize).toList();
    return new TrainSentence.EachStep(updates, tree.span(context));
  }

  @Override
  public TrainSentence visitClassWeightSentence(ClassWeightSentenceContext context) {
    List<Double> weights =
        context.weights() == null
            ? List.of()
            : context.weights().number().stream().map(parts::number).toList();
    return new TrainSentence.ClassWeight(weights, tree.name(context.name()), tree.span(context));
  }

  @Override
  public TrainSentence visitBatchSentence(BatchSentenceContext context) {
    return new TrainSentence.Batch(integer(context.INTEGER()), tree.span(context));
  }

  @Override
  public TrainSentence visitEpochsSentence(EpochsSentenceContext context) {
    return new TrainSentence.Epochs(integer(context.INTEGER()), tree.span(context));
  }

  @Override
  public TrainSentence visitStopWithoutBetterSentence(StopWithoutBetterSentenceContext context) {
    return new TrainSentence.StopWithoutBetter(
        integer(context.INTEGER()), tree.name(context.measureName().name()), tree.span(context));
  }

  @Override
  public TrainSentence visitStopWhenStableSentence(StopWhenStableSentenceContext context) {
    return new TrainSentence.StopWhenStable(
        tree.name(context.measureName().name()),
        parts.number(context.number()),
        integer(context.INTEGER()),
        tree.span(context));
  }

  @Override
  public TrainSentence visitClipSentence(ClipSentenceContext context) {
    ClipKind kind = context.NORM() == null ? ClipKind.VALUE : ClipKind.NORM;
    return new TrainSentence.Clip(kind, parts.number(context.number()), tree.span(context));
  }

  @Override
  public TrainSentence visitPenaltySentence(PenaltySentenceContext context) {
    return new TrainSentence.Penalty(
        context.L1() == null ? PenaltyKind.L2 : PenaltyKind.L1,
        parts.number(context.number()),
        parts.patterns(context.patternList()),
        tree.span(context));
  }

  @Override
  public TrainSentence visitValidateSentence(ValidateSentenceContext context) {
    return new TrainSentence.Validate(
        integer(context.INTEGER()), parts.split(context.splitOption()), tree.span(context));
  }

  @Override
  public TrainSentence visitCheckpointSentence(CheckpointSentenceContext context) {
    return new TrainSentence.Checkpoint(integer(context.INTEGER()), tree.span(context));
  }

  @Override
  public TrainSentence visitSeedSentence(SeedSentenceContext context) {
    return new TrainSentence.Seed(integer(context.INTEGER()), tree.span(context));
  }

  @Override
  public TrainSentence visitLogSentence(LogSentenceContext context) {
    return new TrainSentence.Log(integer(context.INTEGER()), tree.span(context));
  }

  @Override
  public TrainSentence visitAugmentSentence(AugmentSentenceContext context) {
    return new TrainSentence.Augment(
        tree.name(context.name()), expressions.all(context.expression()), tree.span(context));
  }

  @Override
  public TrainSentence visitDistillSentence(DistillSentenceContext context) {
    return new TrainSentence.Distill(
        expressions.postfix(context.postfix(0)),
        expressions.postfix(context.postfix(1)),
        tree.span(context));
  }

  @Override
  public TrainSentence visitMeasureSentence(MeasureSentenceContext context) {
    List<TrainSentence.Measured> measures = context.measure().stream().map(this::measured).toList();
    return new TrainSentence.Measure(measures, tree.span(context));
  }

  private TrainSentence.Measured measured(MeasureContext context) {
    return new TrainSentence.Measured(
        expressions.postfix(context.postfix()),
        Optional.ofNullable(context.name()).map(tree::name),
        tree.span(context));
  }

  @Override
  public TrainSentence visitRequireSentence(RequireSentenceContext context) {
    return new TrainSentence.Require(parts.requirements(context.requirement()), tree.span(context));
  }
}
