package org.modelc.dsl.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.modelc.dsl.ast.Argument;
import org.modelc.dsl.ast.BinaryOperator;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.UnaryOperator;
import org.modelc.dsl.grammar.ModelParser;
import org.modelc.dsl.grammar.ModelParser.AdditiveContext;
import org.modelc.dsl.grammar.ModelParser.ArgumentContext;
import org.modelc.dsl.grammar.ModelParser.CallSuffixContext;
import org.modelc.dsl.grammar.ModelParser.ComparisonContext;
import org.modelc.dsl.grammar.ModelParser.ConjunctionContext;
import org.modelc.dsl.grammar.ModelParser.DisjunctionContext;
import org.modelc.dsl.grammar.ModelParser.ExpressionContext;
import org.modelc.dsl.grammar.ModelParser.FieldSuffixContext;
import org.modelc.dsl.grammar.ModelParser.IndexSuffixContext;
import org.modelc.dsl.grammar.ModelParser.MultiplicativeContext;
import org.modelc.dsl.grammar.ModelParser.NegationContext;
import org.modelc.dsl.grammar.ModelParser.PostfixContext;
import org.modelc.dsl.grammar.ModelParser.PowerContext;
import org.modelc.dsl.grammar.ModelParser.PrefixContext;
import org.modelc.dsl.grammar.ModelParser.StageContext;
import org.modelc.dsl.grammar.ModelParser.SuffixContext;
import org.modelc.dsl.grammar.ModelParser.TypedContext;
import org.modelc.ir.diagnostic.SourceSpan;

/**
 * Builds expressions. The grammar's loops become trees here, their depth counted on the way down.
 */
final class ExpressionBuilder {
  private final TreeContext tree;
  private final PrimaryBuilder primaries;

  ExpressionBuilder(TreeContext tree) {
    this.tree = tree;
    this.primaries = new PrimaryBuilder(tree, this);
  }

  TypeBuilder types() {
    return primaries.types();
  }

  List<Expression> all(List<ExpressionContext> contexts) {
    return contexts.stream().map(this::expression).toList();
  }

  Optional<Expression> optional(ExpressionContext context) {
    return Optional.ofNullable(context).map(this::expression);
  }

  Expression expression(ExpressionContext context) {
    List<StageContext> stages = context.stage();
    Expression result =
        deeper(stages.size() + 1, context, () -> disjunction(context.disjunction()));
    for (StageContext stage : stages) {
      Expression called = deeper(1, stage, () -> postfix(stage.postfix()));
      SourceSpan span = tree.span(context.disjunction()).to(tree.span(stage));
      result =
          new Expression.Pipe(
              result, called, Optional.ofNullable(stage.name()).map(tree::name), span);
    }
    return result;
  }

  private Expression disjunction(DisjunctionContext context) {
    return leftToRight(context, context.conjunction(), this::conjunction);
  }

  private Expression conjunction(ConjunctionContext context) {
    return leftToRight(context, context.negation(), this::negation);
  }

  private Expression negation(NegationContext context) {
    return prefixed(context, context.NOT().size(), () -> comparison(context.comparison()));
  }

  private Expression comparison(ComparisonContext context) {
    return leftToRight(context, context.additive(), this::additive);
  }

  Expression additive(AdditiveContext context) {
    return leftToRight(context, context.multiplicative(), this::multiplicative);
  }

  private Expression multiplicative(MultiplicativeContext context) {
    return leftToRight(context, context.prefix(), this::prefix);
  }

  private Expression prefix(PrefixContext context) {
    return prefixed(context, context.MINUS().size(), () -> power(context.power()));
  }

  /** Children are operand, operator, operand, …; the first operand lies deepest. */
  private <C extends ParserRuleContext> Expression leftToRight(
      ParserRuleContext context, List<C> operands, Function<C, Expression> build) {
    int operators = operands.size() - 1;
    Expression result = deeper(operators, context, () -> build.apply(operands.get(0)));
    for (int i = 1; i < operands.size(); i++) {
      C operand = operands.get(i);
      Expression right = deeper(operators - i + 1, context, () -> build.apply(operand));
      BinaryOperator operator = binary(context.getChild(2 * i - 1));
      SourceSpan span = tree.span(operands.get(0)).to(tree.span(operand));
      result = new Expression.Binary(operator, result, right, span);
    }
    return result;
  }

  private static BinaryOperator binary(ParseTree sign) {
    return BinaryOperator.of(sign.getText())
        .orElseThrow(() -> new IllegalStateException("no operator " + sign.getText()));
  }

  private Expression prefixed(ParserRuleContext context, int signs, Operand operand) {
    Expression result = deeper(signs, context, operand);
    SourceSpan end = endOf(context);
    for (int i = signs - 1; i >= 0; i--) {
      Token sign = (Token) context.getChild(i).getPayload();
      boolean not = sign.getType() == ModelParser.NOT;
      UnaryOperator operator = not ? UnaryOperator.NOT : UnaryOperator.NEGATE;
      result = new Expression.Unary(operator, result, tree.span(sign).to(end));
    }
    return result;
  }

  /** {@code a ^ -b ^ c} is {@code a ^ (-(b ^ c))}: from the right. */
  private Expression power(PowerContext context) {
    int children = context.getChildCount();
    Expression result = typedAt(context, children - 1);
    SourceSpan end = endOf(context);
    for (int i = children - 2; i >= 0; i--) {
      Token sign = (Token) context.getChild(i).getPayload();
      if (sign.getType() == ModelParser.MINUS) {
        SourceSpan span = tree.span(sign).to(end);
        result = new Expression.Unary(UnaryOperator.NEGATE, result, span);
      } else {
        i--;
        Expression base = typedAt(context, i);
        SourceSpan start = tree.span((ParserRuleContext) context.getChild(i));
        SourceSpan span = start.to(end);
        result = new Expression.Binary(BinaryOperator.POWER, base, result, span);
      }
    }
    return result;
  }

  private SourceSpan endOf(ParserRuleContext context) {
    SourceSpan span = tree.span(context);
    return span.source().span(span.end(), span.end());
  }

  private Expression typedAt(PowerContext context, int child) {
    return deeper(child, context, () -> typed((TypedContext) context.getChild(child)));
  }

  private Expression typed(TypedContext context) {
    Expression value = postfix(context.postfix());
    return context.type() == null
        ? value
        : new Expression.As(value, types().type(context.type()), tree.span(context));
  }

  Expression postfix(PostfixContext context) {
    List<SuffixContext> suffixes = context.suffix();
    Expression result =
        deeper(suffixes.size(), context, () -> primaries.primary(context.primary()));
    for (SuffixContext suffix : suffixes) {
      Expression target = result;
      SourceSpan span = tree.span(context.primary()).to(tree.span(suffix));
      result = deeper(1, suffix, () -> suffixed(target, suffix, span));
    }
    return result;
  }

  private Expression suffixed(Expression target, SuffixContext context, SourceSpan span) {
    if (context instanceof CallSuffixContext call) {
      return new Expression.Call(target, arguments(call.argument()), span);
    }
    if (context instanceof FieldSuffixContext field) {
      return new Expression.Field(target, tree.name(field.name()), span);
    }
    IndexSuffixContext index = (IndexSuffixContext) context;
    return new Expression.Index(target, expression(index.expression()), span);
  }

  private List<Argument> arguments(List<ArgumentContext> contexts) {
    List<Argument> arguments = new ArrayList<>();
    for (ArgumentContext context : contexts) {
      arguments.add(
          new Argument(
              Optional.ofNullable(context.name()).map(tree::name),
              expression(context.expression()),
              tree.span(context)));
    }
    return List.copyOf(arguments);
  }

  /** Builds an operand. */
  interface Operand {
    Expression build();
  }

  /** Builds an operand some levels down, or a broken node where that is too deep. */
  Expression deeper(int levels, ParserRuleContext context, Operand operand) {
    SourceSpan span = tree.span(context);
    try {
      return tree.descend(levels, span) ? operand.build() : new Expression.Broken(span);
    } finally {
      tree.ascend(levels);
    }
  }
}
