package org.modelc.dsl.parse;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.modelc.dsl.ast.Binding;
import org.modelc.dsl.ast.Block;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.ast.Statement;
import org.modelc.dsl.grammar.ModelBaseVisitor;
import org.modelc.dsl.grammar.ModelParser.AssignStatementContext;
import org.modelc.dsl.grammar.ModelParser.BindingContext;
import org.modelc.dsl.grammar.ModelParser.BlockContext;
import org.modelc.dsl.grammar.ModelParser.CacheStatementContext;
import org.modelc.dsl.grammar.ModelParser.EmitStatementContext;
import org.modelc.dsl.grammar.ModelParser.ExpressionStatementContext;
import org.modelc.dsl.grammar.ModelParser.ForStatementContext;
import org.modelc.dsl.grammar.ModelParser.FunctionContext;
import org.modelc.dsl.grammar.ModelParser.LetStatementContext;
import org.modelc.dsl.grammar.ModelParser.NameContext;
import org.modelc.dsl.grammar.ModelParser.ParamStatementContext;
import org.modelc.dsl.grammar.ModelParser.StateStatementContext;
import org.modelc.dsl.grammar.ModelParser.StatementContext;
import org.modelc.dsl.grammar.ModelParser.VarStatementContext;

/** Builds statements and blocks. */
final class StatementBuilder extends ModelBaseVisitor<Statement> {
  private final TreeContext tree;
  private final ExpressionBuilder expressions;
  private final TypeBuilder types;

  StatementBuilder(TreeContext tree, ExpressionBuilder expressions, TypeBuilder types) {
    this.tree = tree;
    this.expressions = expressions;
    this.types = types;
  }

  Block block(BlockContext context) {
    List<Statement> statements = new ArrayList<>();
    for (StatementContext statement : context.statement()) {
      statements.add(statement(statement));
    }
    return new Block(statements, tree.span(context));
  }

  private Statement statement(StatementContext context) {
    return context.exception == null ? visit(context) : broken(context);
  }

  /** A statement the parser gave up on, with the names it would have declared. */
  Statement.Broken broken(ParserRuleContext context) {
    List<Name> names = new ArrayList<>();
    for (int i = 0; i < context.getChildCount(); i++) {
      addNames(context.getChild(i), names);
    }
    return new Statement.Broken(names, tree.span(context));
  }

  private void addNames(ParseTree child, List<Name> names) {
    if (child instanceof NameContext name && name.exception == null) {
      names.add(tree.name(name));
    } else if (child instanceof BindingContext binding && binding.exception == null) {
      names.addAll(binding(binding).names());
    } else if (child instanceof FunctionContext function && function.name() != null) {
      addNames(function.name(), names);
    }
  }

  Binding binding(BindingContext context) {
    List<Name> names = context.name().stream().map(tree::name).toList();
    return new Binding(names, context.RIGHT_PAREN() != null, tree.span(context));
  }

  @Override
  public Statement visitLetStatement(LetStatementContext context) {
    return new Statement.Let(
        binding(context.binding()),
        types.optional(context.type()),
        expressions.expression(context.expression()),
        tree.span(context));
  }

  @Override
  public Statement visitVarStatement(VarStatementContext context) {
    return new Statement.Var(
        binding(context.binding()),
        types.optional(context.type()),
        expressions.expression(context.expression()),
        tree.span(context));
  }

  @Override
  public Statement visitParamStatement(ParamStatementContext context) {
    return new Statement.Param(
        tree.name(context.name()),
        tree.documentation(context),
        types.type(context.type()),
        expressions.optional(context.expression()),
        tree.span(context));
  }

  @Override
  public Statement visitStateStatement(StateStatementContext context) {
    return new Statement.State(
        tree.name(context.name()),
        tree.documentation(context),
        types.type(context.type()),
        expressions.optional(context.expression()),
        tree.span(context));
  }

  @Override
  public Statement visitCacheStatement(CacheStatementContext context) {
    return new Statement.Cache(
        tree.name(context.name()),
        types.type(context.type()),
        expressions.optional(context.expression()),
        tree.span(context));
  }

  @Override
  public Statement visitForStatement(ForStatementContext context) {
    return new Statement.For(
        binding(context.binding()),
        expressions.expression(context.range().expression(0)),
        expressions.optional(context.range().expression(1)),
        block(context.block()),
        tree.span(context));
  }

  @Override
  public Statement visitEmitStatement(EmitStatementContext context) {
    return new Statement.Emit(expressions.all(context.expression()), tree.span(context));
  }

  @Override
  public Statement visitAssignStatement(AssignStatementContext context) {
    return new Statement.Assign(
        tree.name(context.name()),
        expressions.expression(context.expression()),
        tree.span(context));
  }

  @Override
  public Statement visitExpressionStatement(ExpressionStatementContext context) {
    return new Statement.Evaluate(expressions.expression(context.expression()), tree.span(context));
  }
}
