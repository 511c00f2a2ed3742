package org.modelc.dsl.parse;

import java.util.List;
import java.util.Optional;
import org.modelc.dsl.ast.Block;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.Statement;
import org.modelc.dsl.grammar.ModelBaseVisitor;
import org.modelc.dsl.grammar.ModelParser.BlockContext;
import org.modelc.dsl.grammar.ModelParser.BoolLiteralContext;
import org.modelc.dsl.grammar.ModelParser.CarryContext;
import org.modelc.dsl.grammar.ModelParser.ExpressionContext;
import org.modelc.dsl.grammar.ModelParser.FloatLiteralContext;
import org.modelc.dsl.grammar.ModelParser.GroupOrTupleContext;
import org.modelc.dsl.grammar.ModelParser.IfExpressionContext;
import org.modelc.dsl.grammar.ModelParser.IntegerLiteralContext;
import org.modelc.dsl.grammar.ModelParser.ListLiteralContext;
import org.modelc.dsl.grammar.ModelParser.NameReferenceContext;
import org.modelc.dsl.grammar.ModelParser.PrimaryContext;
import org.modelc.dsl.grammar.ModelParser.RecordFieldContext;
import org.modelc.dsl.grammar.ModelParser.RecordLiteralContext;
import org.modelc.dsl.grammar.ModelParser.ScanExpressionContext;
import org.modelc.dsl.grammar.ModelParser.ScanOptionContext;
import org.modelc.dsl.grammar.ModelParser.SequenceContext;
import org.modelc.dsl.grammar.ModelParser.TextLiteralContext;

/** Builds the innermost expressions. */
final class PrimaryBuilder extends ModelBaseVisitor<Expression> {
  private final TreeContext tree;
  private final ExpressionBuilder expressions;
  private final TypeBuilder types;
  private final StatementBuilder statements;

  PrimaryBuilder(TreeContext tree, ExpressionBuilder expressions) {
    this.tree = tree;
    this.expressions = expressions;
    this.types = new TypeBuilder(tree, expressions);
    this.statements = new StatementBuilder(tree, expressions, types);
  }

  TypeBuilder types() {
    return types;
  }

  Expression primary(PrimaryContext context) {
    return expressions.deeper(1, context, () -> visit(context));
  }

  @Override
  public Expression visitIntegerLiteral(IntegerLiteralContext context) {
    long value = tree.integer(context.INTEGER().getSymbol());
    return new Expression.IntegerLiteral(value, tree.span(context));
  }

  @Override
  public Expression visitFloatLiteral(FloatLiteralContext context) {
    double value = tree.decimal(context.FLOAT().getSymbol());
    return new Expression.FloatLiteral(value, tree.span(context));
  }

  @Override
  public Expression visitTextLiteral(TextLiteralContext context) {
    String value = tree.text(context.STRING().getSymbol());
    return new Expression.TextLiteral(value, tree.span(context));
  }

  @Override
  public Expression visitBoolLiteral(BoolLiteralContext context) {
    return new Expression.BoolLiteral(context.TRUE() != null, tree.span(context));
  }

  @Override
  public Expression visitNameReference(NameReferenceContext context) {
    return new Expression.Reference(tree.name(context.reference()));
  }

  /** A chain of {@code else if} nests to the right, each in a block of its own. */
  @Override
  public Expression visitIfExpression(IfExpressionContext context) {
    List<ExpressionContext> conditions = context.expression();
    List<BlockContext> blocks = context.block();
    int last = conditions.size() - 1;
    Optional<Block> otherwise =
        blocks.size() > conditions.size()
            ? Optional.of(blockBelow(blocks.get(last + 1), last))
            : Optional.empty();
    Expression result = null;
    for (int i = last; i >= 0; i--) {
      int levels = i;
      ExpressionContext condition = conditions.get(i);
      Expression test =
          expressions.deeper(levels, condition, () -> expressions.expression(condition));
      Block then = blockBelow(blocks.get(i), levels);
      var span = test.span().to(tree.span(context));
      result = new Expression.If(test, then, otherwise, i == 0 ? tree.span(context) : span);
      otherwise =
          Optional.of(new Block(List.of(new Statement.Evaluate(result, span)), result.span()));
    }
    return result;
  }

  private Block blockBelow(BlockContext context, int levels) {
    try {
      return tree.descend(levels, tree.span(context))
          ? statements.block(context)
          : new Block(List.of(), tree.span(context));
    } finally {
      tree.ascend(levels);
    }
  }

  @Override
  public Expression visitScanExpression(ScanExpressionContext context) {
    boolean reverse = context.scanOption().stream().anyMatch(option -> option.REVERSE() != null);
    Optional<Expression> lengths =
        context.scanOption().stream()
            .map(ScanOptionContext::additive)
            .filter(length -> length != null)
            .map(expressions::additive)
            .findFirst();
    return new Expression.Scan(
        context.sequence().stream().map(this::sequence).toList(),
        expressions.additive(context.additive()),
        reverse,
        lengths,
        context.carry().stream().map(this::carry).toList(),
        statements.block(context.block()),
        tree.span(context));
  }

  private Expression.Sequence sequence(SequenceContext context) {
    return new Expression.Sequence(
        statements.binding(context.binding()),
        expressions.expression(context.expression()),
        tree.span(context));
  }

  private Expression.Carry carry(CarryContext context) {
    return new Expression.Carry(
        tree.name(context.name()),
        types.optional(context.type()),
        expressions.expression(context.expression()),
        tree.span(context));
  }

  @Override
  public Expression visitRecordLiteral(RecordLiteralContext context) {
    List<Expression.RecordField> fields = context.recordField().stream().map(this::field).toList();
    return new Expression.RecordLiteral(fields, tree.span(context));
  }

  private Expression.RecordField field(RecordFieldContext context) {
    return new Expression.RecordField(
        tree.name(context.name()),
        expressions.expression(context.expression()),
        tree.span(context));
  }

  /** One expression in brackets is that expression, unless a comma follows it. */
  @Override
  public Expression visitGroupOrTuple(GroupOrTupleContext context) {
    boolean group = context.expression().size() == 1 && context.COMMA().isEmpty();
    return group
        ? expressions.expression(context.expression(0))
        : new Expression.TupleLiteral(expressions.all(context.expression()), tree.span(context));
  }

  @Override
  public Expression visitListLiteral(ListLiteralContext context) {
    return new Expression.ListLiteral(expressions.all(context.expression()), tree.span(context));
  }

  StatementBuilder statements() {
    return statements;
  }

  @Override
  protected Expression aggregateResult(Expression aggregate, Expression next) {
    throw new IllegalStateException("a primary expression without its own method");
  }
}
