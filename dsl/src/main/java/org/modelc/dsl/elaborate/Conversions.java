package org.modelc.dsl.elaborate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.ast.TypeExpression;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.Suggestions;
import org.modelc.ir.graph.Value;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Holds values against written types: static ones, tensors whose dims are bound, tensors that bind
 * dims.
 */
final class Conversions {
  private static final List<String> STATIC = List.of("int", "float", "bool", "text", "layer", "fn");

  private final Elaboration elaboration;

  Conversions(Elaboration elaboration) {
    this.elaboration = elaboration;
  }

  private Problems problems() {
    return elaboration.problems();
  }

  /** Whether values of this type are known at compile time. */
  boolean isStatic(TypeExpression type) {
    return type instanceof TypeExpression.ListOf
        || type instanceof TypeExpression.Named named && !isScalar(named);
  }

  /** {@code f32}, {@code i32}, …: a run-time scalar; {@code bool} alone is static. */
  private static boolean isScalar(TypeExpression.Named named) {
    return Types.isDtype(named.name().text()) && !STATIC.contains(named.name().text());
  }

  /** A type that must be a tensor's, all dims known; null, reported, otherwise. */
  TensorType tensorType(TypeExpression type, Scope scope) {
    if (type instanceof TypeExpression.Tensor tensor) {
      return elaboration.types().read(tensor, scope);
    }
    if (type instanceof TypeExpression.Named named && isScalar(named)) {
      return TensorType.scalar(DType.of(named.name().text()));
    }
    if (type instanceof TypeExpression.Named named) {
      reportUnknownType(named);
    } else {
      notInThisRelease(type);
    }
    return null;
  }

  private Meaning notInThisRelease(TypeExpression type) {
    return problems()
        .report(
            DiagnosticCode.NOT_IN_THIS_RELEASE,
            type.span(),
            "`" + type.span().text() + "` cannot stand here in this release");
  }

  private Meaning reportUnknownType(TypeExpression.Named named) {
    Name name = named.name();
    if (STATIC.contains(name.text())) {
      String hint = name.text().equals("text") ? "" : "a tensor is wanted here, such as f32[B, n]";
      return problems()
          .report(
              hint.isEmpty() ? DiagnosticCode.NOT_IN_THIS_RELEASE : DiagnosticCode.NOT_A_TENSOR,
              name.span(),
              "`" + name + "` cannot stand here",
              Optional.of(hint).filter(text -> !text.isEmpty()));
    }
    List<String> known = new ArrayList<>(STATIC);
    for (DType dtype : DType.values()) {
      known.add(dtype.text());
    }
    return problems()
        .report(
            DiagnosticCode.UNKNOWN_NAME,
            name.span(),
            "unknown type `" + name + "`",
            Suggestions.didYouMean(name.text(), known).orElse("the types are " + known));
  }

  /** Reports unknown names in a type, though there is no value to hold against it. */
  void checkKnown(TypeExpression type, Scope scope) {
    if (type instanceof TypeExpression.Tensor tensor) {
      elaboration.types().dtype(tensor.dtype());
      elaboration.types().shape(tensor.dims(), scope);
    } else if (type instanceof TypeExpression.Record record) {
      record.fields().forEach(field -> checkKnown(field.type(), scope));
    }
  }

  /** {@code f32(x)}: a tensor of another element type, or a static number as a tensor. */
  Meaning cast(Name dtype, Meaning value, SourceSpan span) {
    DType wanted = DType.of(dtype.text());
    Tensors tensors = elaboration.tensors();
    Optional<Value> scalar = tensors.scalar(value, wanted);
    if (scalar.isPresent()) {
      return elaboration.tensor(scalar.get());
    }
    Optional<Value> operand = tensors.operand(value, Tensors.natural(value), "the value", span);
    if (operand.isEmpty()) {
      return Meaning.FAILED;
    }
    return operand.get().tensor().dtype() == wanted
        ? elaboration.tensor(operand.get())
        : tensors.apply("cast", Map.of("dtype", wanted), List.of(operand.get()), span);
  }

  /** A static value of a static type. */
  Meaning statically(
      TypeExpression type, Meaning value, SourceSpan span, String what, boolean mustBeStatic) {
    if (value.isFailed()) {
      return Meaning.FAILED;
    }
    if (type instanceof TypeExpression.ListOf list) {
      return list(list, value, span, what, mustBeStatic);
    }
    if (!(type instanceof TypeExpression.Named named)) {
      return notInThisRelease(type);
    }
    String wanted = named.name().text();
    if (!STATIC.contains(wanted)) {
      return reportUnknownType(named);
    }
    Meaning fitting = fitting(wanted, value);
    boolean unlearned = elaboration.unlearned().has(value);
    if (fitting == null) {
      return unlearned && wanted.equals("float")
          ? Meaning.FAILED
          : wrongKind(wanted, value, span, what);
    }
    boolean dynamic = fitting instanceof Meaning.Int && !fitting.isStatic() && !unlearned;
    return dynamic && mustBeStatic ? wrongKind("static int", value, span, what) : fitting;
  }

  private Meaning wrongKind(String wanted, Meaning value, SourceSpan span, String what) {
    boolean tensor = value instanceof Meaning.Tensor;
    boolean dynamic = wanted.startsWith("static");
    DiagnosticCode code =
        tensor
            ? DiagnosticCode.TENSOR_AS_STATIC
            : dynamic ? DiagnosticCode.NOT_STATIC : DiagnosticCode.BAD_STATIC_VALUE;
    return problems()
        .report(code, span, what + " is of type " + wanted + ", got " + value.describe());
  }

  private static Meaning fitting(String wanted, Meaning value) {
    return switch (wanted) {
      case "int" -> value instanceof Meaning.Int ? value : null;
      case "float" -> real(value);
      case "bool" -> value instanceof Meaning.Bool ? value : null;
      case "text" -> value instanceof Meaning.Text ? value : null;
      case "layer" ->
          value instanceof Meaning.Constructor || value instanceof Meaning.Instance ? value : null;
      case "fn" -> isCallable(value) ? value : null;
      default -> null;
    };
  }

  private static Meaning real(Meaning value) {
    if (value instanceof Meaning.Int number && number.dim().isStatic()) {
      return new Meaning.Real(number.dim().value());
    }
    return value instanceof Meaning.Real ? value : null;
  }

  private static boolean isCallable(Meaning value) {
    return value instanceof Meaning.Function
        || value instanceof Meaning.Operator
        || value instanceof Meaning.Builtin
        || value instanceof Meaning.Instance
        || value instanceof Meaning.Constructor;
  }

  private Meaning list(
      TypeExpression.ListOf type,
      Meaning value,
      SourceSpan span,
      String what,
      boolean mustBeStatic) {
    List<Meaning> elements = Expressions.elements(value);
    if (elements == null) {
      return problems()
          .report(
              DiagnosticCode.BAD_STATIC_VALUE, span, what + " is a list, got " + value.describe());
    }
    List<Meaning> converted = new ArrayList<>();
    for (Meaning element : elements) {
      converted.add(statically(type.element(), element, span, "each of " + what, mustBeStatic));
    }
    return new Meaning.ListOf(converted);
  }

  /** A tensor held against a type whose free dims it binds. */
  Meaning matched(TypeExpression type, Meaning value, Scope scope, SourceSpan span, String what) {
    if (type instanceof TypeExpression.Record record) {
      return matchedRecord(record, value, scope, span, what);
    }
    if (type instanceof TypeExpression.Sparse) {
      return notInThisRelease(type);
    }
    DType dtype = wantedDtype(type, value);
    Optional<Value> operand = elaboration.tensors().operand(value, dtype, what, span);
    if (operand.isEmpty()) {
      return Meaning.FAILED;
    }
    TensorType actual = operand.get().tensor();
    boolean fits =
        type instanceof TypeExpression.Tensor tensor
            ? elaboration.types().match(tensor, actual, scope, what, span)
            : isScalar(type, actual, span, what);
    return fits ? elaboration.tensor(operand.get()) : Meaning.FAILED;
  }

  private boolean isScalar(TypeExpression type, TensorType actual, SourceSpan span, String what) {
    TensorType wanted = TensorType.scalar(DType.of(((TypeExpression.Named) type).name().text()));
    if (!wanted.equals(actual)) {
      problems()
          .report(
              DiagnosticCode.RANK_MISMATCH, span, what + " must be " + wanted + ", got " + actual);
    }
    return wanted.equals(actual);
  }

  private static DType wantedDtype(TypeExpression type, Meaning value) {
    String name =
        type instanceof TypeExpression.Tensor tensor
            ? tensor.dtype().text()
            : ((TypeExpression.Named) type).name().text();
    return Types.isDtype(name) ? DType.of(name) : Tensors.natural(value);
  }

  private Meaning matchedRecord(
      TypeExpression.Record type, Meaning value, Scope scope, SourceSpan span, String what) {
    if (!(value instanceof Meaning.Group group)) {
      return notARecord(type, value, span, what);
    }
    List<Meaning.Group.Part> parts = new ArrayList<>();
    for (TypeExpression.Field field : type.fields()) {
      String name = field.name().text();
      Optional<Meaning> part = group.part(name);
      if (part.isEmpty()) {
        return noField(group, name, span, what);
      }
      Meaning matched = matched(field.type(), part.get(), scope, span, what + "." + name);
      parts.add(new Meaning.Group.Part(name, matched));
    }
    return new Meaning.Group(parts);
  }

  private Meaning notARecord(
      TypeExpression.Record type, Meaning value, SourceSpan span, String what) {
    return value.isFailed()
        ? Meaning.FAILED
        : problems()
            .report(
                DiagnosticCode.RESULT_MISMATCH,
                span,
                what + " must be " + type.span().text() + ", got " + value.describe());
  }

  private Meaning noField(Meaning.Group group, String name, SourceSpan span, String what) {
    return problems()
        .report(
            DiagnosticCode.UNKNOWN_FIELD,
            span,
            what + " must have a field `" + name + "`, got " + group.describe());
  }

  /** A value held against a type whose dims are all known. */
  Meaning typed(TypeExpression type, Meaning value, Scope scope, SourceSpan span, String what) {
    if (value.isFailed()) {
      return Meaning.FAILED;
    }
    if (type instanceof TypeExpression.Record record) {
      return typedRecord(record, value, scope, span, what);
    }
    if (isStatic(type)) {
      return statically(type, value, span, what, false);
    }
    if (type instanceof TypeExpression.Sparse) {
      return notInThisRelease(type);
    }
    DType dtype = wantedDtype(type, value);
    Optional<Value> operand = elaboration.tensors().operand(value, dtype, what, span);
    return operand.isEmpty() ? Meaning.FAILED : typedTensor(type, operand.get(), scope, span, what);
  }

  private Meaning typedTensor(
      TypeExpression type, Value value, Scope scope, SourceSpan span, String what) {
    TensorType actual = value.tensor();
    TensorType wanted = wanted(type, actual, scope);
    if (wanted == null) {
      return Meaning.FAILED;
    }
    if (wanted.equals(actual)) {
      return elaboration.tensor(value);
    }
    String signature = type.span().text();
    String bound = signature.equals(wanted.toString()) ? "" : " = " + wanted;
    return problems()
        .report(
            DiagnosticCode.RESULT_MISMATCH,
            span,
            what + " must be " + signature + bound + ", got " + actual);
  }

  private TensorType wanted(TypeExpression type, TensorType actual, Scope scope) {
    boolean any =
        type instanceof TypeExpression.Tensor tensor && tensor.dtype().text().equals(Types.ANY);
    if (!any) {
      return tensorType(type, scope);
    }
    List<Dim> shape = elaboration.types().shape(((TypeExpression.Tensor) type).dims(), scope);
    return shape == null ? null : TensorType.of(actual.dtype(), shape);
  }

  private Meaning typedRecord(
      TypeExpression.Record type, Meaning value, Scope scope, SourceSpan span, String what) {
    if (!(value instanceof Meaning.Group group)) {
      return notARecord(type, value, span, what);
    }
    List<Meaning.Group.Part> parts = new ArrayList<>();
    for (TypeExpression.Field field : type.fields()) {
      String name = field.name().text();
      Optional<Meaning> part = group.part(name);
      if (part.isEmpty()) {
        return noField(group, name, span, what);
      }
      Meaning typed = typed(field.type(), part.get(), scope, span, what + "." + name);
      parts.add(new Meaning.Group.Part(name, typed));
    }
    return new Meaning.Group(parts);
  }
}
