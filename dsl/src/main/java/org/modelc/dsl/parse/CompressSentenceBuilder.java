package org.modelc.dsl.parse;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.modelc.dsl.ast.CompressSentence;
import org.modelc.dsl.ast.CompressSentence.PruneKind;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.grammar.ModelBaseVisitor;
import org.modelc.dsl.grammar.ModelParser.CompressRequireSentenceContext;
import org.modelc.dsl.grammar.ModelParser.CompressSentenceContext;
import org.modelc.dsl.grammar.ModelParser.FactorizeSentenceContext;
import org.modelc.dsl.grammar.ModelParser.NameContext;
import org.modelc.dsl.grammar.ModelParser.PruneSentenceContext;
import org.modelc.dsl.grammar.ModelParser.QuantizeSentenceContext;

/** Builds the sentences of a compression. */
final class CompressSentenceBuilder extends ModelBaseVisitor<CompressSentence> {
  private final TreeContext tree;
  private final SentenceParts parts;

  CompressSentenceBuilder(TreeContext tree, SentenceParts parts) {
    this.tree = tree;
    this.parts = parts;
  }

  CompressSentence sentence(CompressSentenceContext context) {
    return context.exception == null
        ? visit(context)
        : new CompressSentence.Broken(
            Optional.of(tree.name(context.getStart())), tree.span(context));
  }

  @Override
  public CompressSentence visitPruneSentence(PruneSentenceContext context) {
    List<TerminalNode> integers = context.INTEGER();
    boolean share = context.number() != null;
    boolean during = context.DURING() != null;
    OptionalLong epochs =
        during ? tree.integerIfPresent(integers.get(integers.size() - 1)) : OptionalLong.empty();
    return new CompressSentence.Prune(
        kind(context),
        share ? parts.number(context.number()) : tree.integer(integers.get(0).getSymbol()),
        share ? 0 : tree.integer(integers.get(1).getSymbol()),
        parts.patterns(context.patternList()),
        context.REWIND() != null,
        epochs,
        tree.span(context));
  }

  private static PruneKind kind(PruneSentenceContext context) {
    if (context.number() == null) {
      return PruneKind.N_OF_M;
    }
    boolean each = context.EACH() != null;
    if (context.MOVEMENT() != null) {
      return each ? PruneKind.MOVEMENT_OF_EACH : PruneKind.MOVEMENT;
    }
    if (context.MAGNITUDE() == null) {
      return PruneKind.STRUCTURED;
    }
    return each ? PruneKind.MAGNITUDE_OF_EACH : PruneKind.MAGNITUDE;
  }

  @Override
  public CompressSentence visitFactorizeSentence(FactorizeSentenceContext context) {
    return new CompressSentence.Factorize(
        parts.number(context.number()),
        parts.patterns(context.patternList()),
        tree.integerIfPresent(context.INTEGER()),
        tree.span(context));
  }

  @Override
  public CompressSentence visitQuantizeSentence(QuantizeSentenceContext context) {
    List<NameContext> names = context.name();
    boolean inputs = context.INPUTS() != null;
    List<Name> data = names.subList(inputs ? 2 : 1, names.size()).stream().map(tree::name).toList();
    boolean group = context.GROUP() != null;
    List<TerminalNode> integers = context.INTEGER();
    TerminalNode last = integers.isEmpty() ? null : integers.get(integers.size() - 1);
    return new CompressSentence.Quantize(
        tree.name(names.get(0)),
        context.WEIGHTS() != null,
        inputs ? Optional.of(tree.name(names.get(1))) : Optional.empty(),
        group ? tree.integerIfPresent(context.INTEGER(0)) : OptionalLong.empty(),
        Optional.ofNullable(context.percent()).map(share -> parts.number(share.number()) / 100),
        parts.patterns(context.patternList()),
        tree.integerIfPresent(data.isEmpty() ? null : integers.get(group ? 1 : 0)),
        data,
        Optional.ofNullable(context.reference()).map(word -> tree.name(word.getStart())),
        Optional.ofNullable(context.number()).map(parts::number),
        context.TRAINING() != null,
        tree.integerIfPresent(context.EPOCHS() == null ? null : last),
        tree.span(context));
  }

  @Override
  public CompressSentence visitCompressRequireSentence(CompressRequireSentenceContext context) {
    return new CompressSentence.Require(
        parts.requirements(context.requirement()), tree.span(context));
  }
}
