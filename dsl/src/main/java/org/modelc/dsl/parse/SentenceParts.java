package org.modelc.dsl.parse;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.antlr.v4.runtime.Token;
import org.modelc.dsl.ast.BinaryOperator;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.ast.Pattern;
import org.modelc.dsl.ast.Requirement;
import org.modelc.dsl.ast.SplitOptions;
import org.modelc.dsl.grammar.ModelParser.ColumnContext;
import org.modelc.dsl.grammar.ModelParser.ColumnListContext;
import org.modelc.dsl.grammar.ModelParser.NumberContext;
import org.modelc.dsl.grammar.ModelParser.PatternContext;
import org.modelc.dsl.grammar.ModelParser.PatternListContext;
import org.modelc.dsl.grammar.ModelParser.RequirementContext;
import org.modelc.dsl.grammar.ModelParser.SplitOptionContext;

/** Builds what several kinds of sentences have in common. */
final class SentenceParts {
  private final TreeContext tree;
  private final ExpressionBuilder expressions;

  SentenceParts(TreeContext tree, ExpressionBuilder expressions) {
    this.tree = tree;
    this.expressions = expressions;
  }

  double number(NumberContext context) {
    boolean whole = context.INTEGER() != null;
    Token token = (whole ? context.INTEGER() : context.FLOAT()).getSymbol();
    double value = tree.decimal(token);
    return context.MINUS() == null ? value : -value;
  }

  /** Columns by name; text in quotes is a pattern such as {@code "pixel_*"}. */
  List<Name> columns(ColumnListContext context) {
    return context == null ? List.of() : context.column().stream().map(this::column).toList();
  }

  private Name column(ColumnContext context) {
    return context.name() == null
        ? new Name(tree.text(context.STRING().getSymbol()), tree.span(context))
        : tree.name(context.name());
  }

  SplitOptions split(List<SplitOptionContext> contexts) {
    Optional<Name> stratified = Optional.empty();
    boolean ordered = false;
    OptionalLong seed = OptionalLong.empty();
    for (SplitOptionContext context : contexts) {
      ordered |= context.ORDERED() != null;
      if (context.name() != null) {
        stratified = Optional.of(tree.name(context.name()));
      }
      if (context.INTEGER() != null) {
        seed = tree.integerIfPresent(context.INTEGER());
      }
    }
    return new SplitOptions(stratified, ordered, seed);
  }

  List<Pattern> patterns(PatternListContext context) {
    return context == null ? List.of() : context.pattern().stream().map(this::pattern).toList();
  }

  private Pattern pattern(PatternContext context) {
    boolean quoted = context.STRING() != null;
    String text = quoted ? tree.text(context.STRING().getSymbol()) : dotted(context);
    return new Pattern(text, quoted, tree.span(context));
  }

  private String dotted(PatternContext context) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < context.getChildCount(); i++) {
      String part = context.getChild(i).getText();
      text.append(part.startsWith("`") ? part.substring(1, part.length() - 1) : part);
    }
    return text.toString();
  }

  List<Requirement> requirements(List<RequirementContext> contexts) {
    return contexts.stream().map(this::requirement).toList();
  }

  private Requirement requirement(RequirementContext context) {
    boolean within = context.WITHIN() != null;
    BinaryOperator comparison =
        within
            ? BinaryOperator.LESS_EQUAL
            : BinaryOperator.of(context.comparator().getText())
                .orElseThrow(IllegalStateException::new);
    Optional<Requirement.Unit> unit =
        context.unit() == null ? Optional.empty() : Requirement.Unit.of(context.unit().getText());
    return new Requirement(
        expressions.postfix(context.postfix()),
        comparison,
        within,
        number(context.number()),
        unit,
        tree.span(context));
  }
}
