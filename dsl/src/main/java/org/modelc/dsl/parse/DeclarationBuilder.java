package org.modelc.dsl.parse;

import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.modelc.dsl.ast.Block;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.Member;
import org.modelc.dsl.ast.ModelFile;
import org.modelc.dsl.ast.Parameter;
import org.modelc.dsl.ast.Statement;
import org.modelc.dsl.ast.TypeExpression;
import org.modelc.dsl.grammar.ModelBaseVisitor;
import org.modelc.dsl.grammar.ModelParser.BoundsContext;
import org.modelc.dsl.grammar.ModelParser.CompressDeclarationContext;
import org.modelc.dsl.grammar.ModelParser.DataDeclarationContext;
import org.modelc.dsl.grammar.ModelParser.DeclarationContext;
import org.modelc.dsl.grammar.ModelParser.FileContext;
import org.modelc.dsl.grammar.ModelParser.FunctionBodyContext;
import org.modelc.dsl.grammar.ModelParser.FunctionContext;
import org.modelc.dsl.grammar.ModelParser.FunctionDeclarationContext;
import org.modelc.dsl.grammar.ModelParser.FunctionMemberContext;
import org.modelc.dsl.grammar.ModelParser.ImportDeclarationContext;
import org.modelc.dsl.grammar.ModelParser.InputMemberContext;
import org.modelc.dsl.grammar.ModelParser.LayerDeclarationContext;
import org.modelc.dsl.grammar.ModelParser.LetMemberContext;
import org.modelc.dsl.grammar.ModelParser.MemberContext;
import org.modelc.dsl.grammar.ModelParser.ModelDeclarationContext;
import org.modelc.dsl.grammar.ModelParser.ParamMemberContext;
import org.modelc.dsl.grammar.ModelParser.ParameterListContext;
import org.modelc.dsl.grammar.ModelParser.ResultTypeContext;
import org.modelc.dsl.grammar.ModelParser.StateMemberContext;
import org.modelc.dsl.grammar.ModelParser.TrainDeclarationContext;
import org.modelc.ir.diagnostic.SourceSpan;

/** Builds the tree of a file from its declarations down. */
final class DeclarationBuilder extends ModelBaseVisitor<Declaration> {
  private final TreeContext tree;
  private final ExpressionBuilder expressions;
  private final TypeBuilder types;
  private final StatementBuilder statements;
  private final SentenceBuilder sentences;
  private final MemberBuilder members = new MemberBuilder();

  DeclarationBuilder(TreeContext tree) {
    this.tree = tree;
    this.expressions = new ExpressionBuilder(tree);
    this.types = expressions.types();
    this.statements = new StatementBuilder(tree, expressions, types);
    this.sentences = new SentenceBuilder(tree, expressions);
  }

  ModelFile file(FileContext context) {
    List<Declaration> declarations = context.declaration().stream().map(this::declaration).toList();
    return new ModelFile(tree.source(), declarations);
  }

  private Declaration declaration(DeclarationContext context) {
    return context.exception == null ? visit(context) : new Declaration.Broken(tree.span(context));
  }

  @Override
  public Declaration visitImportDeclaration(ImportDeclarationContext context) {
    String file = tree.text(context.STRING().getSymbol());
    return new Declaration.Import(file, tree.span(context));
  }

  @Override
  public Declaration visitModelDeclaration(ModelDeclarationContext context) {
    return new Declaration.Model(
        tree.name(context.name()),
        tree.documentation(context),
        types.parameters(context.parameterList()),
        context.modelBody().member().stream().map(this::member).toList(),
        tree.span(context));
  }

  @Override
  public Declaration visitLayerDeclaration(LayerDeclarationContext context) {
    List<ParameterListContext> lists = context.parameterList();
    boolean both = lists.size() == 2;
    return new Declaration.Layer(
        tree.name(context.name()),
        tree.documentation(context),
        both ? types.parameters(lists.get(0)) : List.of(),
        types.parameters(lists.get(lists.size() - 1)),
        result(context.resultType()),
        bounds(context.bounds()),
        body(context.functionBody()),
        tree.span(context));
  }

  @Override
  public Declaration visitFunctionDeclaration(FunctionDeclarationContext context) {
    return function(context.function(), context);
  }

  private Declaration.Function function(FunctionContext context, ParserRuleContext whole) {
    List<Parameter> parameters = types.parameters(context.parameterList());
    return new Declaration.Function(
        tree.name(context.name()),
        tree.documentation(whole),
        context.EXPORT() != null,
        context.STREAM() != null,
        parameters,
        result(context.resultType()),
        bounds(context.bounds()),
        body(context.functionBody()),
        tree.span(context));
  }

  private Optional<TypeExpression> result(ResultTypeContext context) {
    return context == null ? Optional.empty() : types.optional(context.type());
  }

  private List<Expression> bounds(BoundsContext context) {
    return context == null ? List.of() : expressions.all(context.expression());
  }

  private Block body(FunctionBodyContext context) {
    if (context.block() != null) {
      return statements.block(context.block());
    }
    Expression value = expressions.expression(context.expression());
    SourceSpan span = tree.span(context.expression());
    return new Block(List.of(new Statement.Evaluate(value, span)), span);
  }

  @Override
  public Declaration visitDataDeclaration(DataDeclarationContext context) {
    return new Declaration.Data(
        tree.name(context.name()),
        tree.documentation(context),
        sentences.data(context.dataBody()),
        tree.span(context));
  }

  @Override
  public Declaration visitTrainDeclaration(TrainDeclarationContext context) {
    return new Declaration.Train(
        tree.name(context.name(0)),
        tree.name(context.name(1)),
        tree.documentation(context),
        sentences.train(context.trainBody()),
        tree.span(context));
  }

  @Override
  public Declaration visitCompressDeclaration(CompressDeclarationContext context) {
    return new Declaration.Compress(
        tree.name(context.name()),
        tree.documentation(context),
        sentences.compress(context.compressBody()),
        tree.span(context));
  }

  private Member member(MemberContext context) {
    return context.exception == null ? members.visit(context) : statements.broken(context);
  }

  /** Builds what stands in a model. */
  private final class MemberBuilder extends ModelBaseVisitor<Member> {
    @Override
    public Member visitInputMember(InputMemberContext context) {
      return new Member.Input(
          tree.name(context.name()),
          tree.documentation(context),
          types.optional(context.type()),
          expressions.expression(context.expression()),
          tree.span(context));
    }

    @Override
    public Member visitFunctionMember(FunctionMemberContext context) {
      return function(context.function(), context);
    }

    @Override
    public Member visitLetMember(LetMemberContext context) {
      return new Statement.Let(
          statements.binding(context.binding()),
          types.optional(context.type()),
          expressions.expression(context.expression()),
          tree.span(context));
    }

    @Override
    public Member visitParamMember(ParamMemberContext context) {
      return new Statement.Param(
          tree.name(context.name()),
          tree.documentation(context),
          types.type(context.type()),
          expressions.optional(context.expression()),
          tree.span(context));
    }

    @Override
    public Member visitStateMember(StateMemberContext context) {
      return new Statement.State(
          tree.name(context.name()),
          tree.documentation(context),
          types.type(context.type()),
          expressions.optional(context.expression()),
          tree.span(context));
    }
  }
}
