package org.modelc.dsl.parse;

import java.util.List;
import java.util.Optional;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.ast.Parameter;
import org.modelc.dsl.ast.TypeExpression;
import org.modelc.dsl.grammar.ModelBaseVisitor;
import org.modelc.dsl.grammar.ModelParser.DimContext;
import org.modelc.dsl.grammar.ModelParser.ListTypeContext;
import org.modelc.dsl.grammar.ModelParser.NamedTypeContext;
import org.modelc.dsl.grammar.ModelParser.ParameterContext;
import org.modelc.dsl.grammar.ModelParser.ParameterListContext;
import org.modelc.dsl.grammar.ModelParser.RecordTypeContext;
import org.modelc.dsl.grammar.ModelParser.SparseTypeContext;
import org.modelc.dsl.grammar.ModelParser.TensorTypeContext;
import org.modelc.dsl.grammar.ModelParser.TypeContext;
import org.modelc.dsl.grammar.ModelParser.TypeFieldContext;

/** Builds types and parameters. */
final class TypeBuilder extends ModelBaseVisitor<TypeExpression> {
  private final TreeContext tree;
  private final ExpressionBuilder expressions;

  TypeBuilder(TreeContext tree, ExpressionBuilder expressions) {
    this.tree = tree;
    this.expressions = expressions;
  }

  TypeExpression type(TypeContext context) {
    return visit(context);
  }

  Optional<TypeExpression> optional(TypeContext context) {
    return Optional.ofNullable(context).map(this::type);
  }

  List<Parameter> parameters(ParameterListContext context) {
    return context == null ? List.of() : context.parameter().stream().map(this::parameter).toList();
  }

  private Parameter parameter(ParameterContext context) {
    return new Parameter(
        tree.name(context.name()),
        type(context.type()),
        expressions.optional(context.expression()),
        tree.span(context));
  }

  @Override
  public TypeExpression visitTensorType(TensorTypeContext context) {
    return new TypeExpression.Tensor(
        tree.name(context.name()), dims(context.dim()), tree.span(context));
  }

  @Override
  public TypeExpression visitSparseType(SparseTypeContext context) {
    return new TypeExpression.Sparse(
        tree.name(context.name()), dims(context.dim()), tree.span(context));
  }

  @Override
  public TypeExpression visitRecordType(RecordTypeContext context) {
    List<TypeExpression.Field> fields = context.typeField().stream().map(this::field).toList();
    return new TypeExpression.Record(fields, tree.span(context));
  }

  private TypeExpression.Field field(TypeFieldContext context) {
    return new TypeExpression.Field(
        tree.name(context.name()), type(context.type()), tree.span(context));
  }

  @Override
  public TypeExpression visitListType(ListTypeContext context) {
    return new TypeExpression.ListOf(type(context.type()), tree.span(context));
  }

  @Override
  public TypeExpression visitNamedType(NamedTypeContext context) {
    Name name = context.name() == null ? tree.name(context.getStart()) : tree.name(context.name());
    return new TypeExpression.Named(name, tree.span(context));
  }

  private List<TypeExpression.Dim> dims(List<DimContext> contexts) {
    return contexts.stream().map(this::dim).toList();
  }

  private TypeExpression.Dim dim(DimContext context) {
    if (context.ELLIPSIS() == null) {
      return new TypeExpression.Size(expressions.additive(context.additive()), tree.span(context));
    }
    return new TypeExpression.Ellipsis(
        Optional.ofNullable(context.name()).map(tree::name), tree.span(context));
  }
}
