package org.modelc.dsl.elaborate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.modelc.dsl.ast.Argument;
import org.modelc.dsl.ast.Expression;
import org.modelc.dsl.ast.Name;
import org.modelc.dsl.ast.TypeExpression;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.Suggestions;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Types as written: read where all their dims are known, or matched against actual ones to bind
 * dims.
 */
final class Types {
  /** A dtype that any other matches. */
  static final String ANY = "any";

  private static final List<String> DTYPES =
      java.util.Arrays.stream(DType.values()).map(DType::text).toList();
  private static final String UNKNOWN = "?";

  private final Elaboration elaboration;

  Types(Elaboration elaboration) {
    this.elaboration = elaboration;
  }

  private Problems problems() {
    return elaboration.problems();
  }

  /** The dtype of a name; null for {@code any} and, reported, for names that are none. */
  DType dtype(Name name) {
    if (name.text().equals(ANY)) {
      return null;
    }
    if (!DTYPES.contains(name.text())) {
      problems()
          .report(
              DiagnosticCode.UNKNOWN_NAME,
              name.span(),
              "unknown element type `" + name + "`",
              Suggestions.didYouMean(name.text(), DTYPES).orElse("they are " + DTYPES));
      return null;
    }
    return DType.of(name.text());
  }

  static boolean isDtype(String name) {
    return DTYPES.contains(name);
  }

  /** A tensor type with all dims known; null, reported, if one is not. */
  TensorType read(TypeExpression.Tensor type, Scope scope) {
    DType dtype = dtype(type.dtype());
    if (type.dtype().text().equals(ANY)) {
      problems()
          .report(
              DiagnosticCode.DTYPE_MISMATCH,
              type.dtype().span(),
              "`any` stands for the element type of what a function is called with",
              "say which it is here, for example f32");
    }
    List<Dim> shape = shape(type.dims(), scope);
    return dtype == null || shape == null ? null : TensorType.of(dtype, shape);
  }

  /** Dims that are all known; null, reported, if one is not. */
  List<Dim> shape(List<TypeExpression.Dim> dims, Scope scope) {
    List<Dim> shape = new ArrayList<>();
    boolean known = true;
    for (TypeExpression.Dim dim : dims) {
      List<Dim> sizes =
          dim instanceof TypeExpression.Ellipsis ellipsis
              ? leading(ellipsis, scope)
              : size((TypeExpression.Size) dim, scope);
      known &= sizes != null;
      if (sizes != null) {
        shape.addAll(sizes);
      }
    }
    return known ? shape : null;
  }

  /** What leading dims are bound as. */
  static String key(TypeExpression.Ellipsis ellipsis) {
    return ellipsis.name().map(Name::text).orElse("...");
  }

  private List<Dim> leading(TypeExpression.Ellipsis ellipsis, Scope scope) {
    List<Dim> bound = boundLeading(ellipsis, scope);
    Scope.Binding binding = scope.find(key(ellipsis));
    if (bound == null && binding != null && binding.meaning() == Meaning.FAILED) {
      return null;
    }
    if (bound == null) {
      problems()
          .report(
              DiagnosticCode.UNKNOWN_DIM, ellipsis.span(), "no input says what `...` stands for");
    }
    return bound;
  }

  private static List<Dim> boundLeading(TypeExpression.Ellipsis ellipsis, Scope scope) {
    Scope.Binding binding = scope.find(key(ellipsis));
    if (binding == null || !(binding.meaning() instanceof Meaning.ListOf list)) {
      return null;
    }
    List<Dim> dims = new ArrayList<>();
    for (Meaning element : list.elements()) {
      if (!(element instanceof Meaning.Int number)) {
        return null;
      }
      dims.add(number.dim());
    }
    return dims;
  }

  private List<Dim> size(TypeExpression.Size size, Scope scope) {
    List<Name> free = free(size.value(), scope);
    if (!free.isEmpty()) {
      for (Name name : free) {
        problems()
            .report(
                DiagnosticCode.UNKNOWN_DIM,
                name.span(),
                "no input or parameter binds the dim `" + name + "`",
                Suggestions.didYouMean(name.text(), numbers(scope)));
      }
      return null;
    }
    Dim dim = evaluate(size.value(), scope);
    return dim == null ? null : List.of(dim);
  }

  private static List<String> numbers(Scope scope) {
    return scope.names().stream().filter(name -> scope.number(name) != null).toList();
  }

  private Dim evaluate(Expression value, Scope scope) {
    Meaning meaning =
        elaboration.expressions().evaluate(value, new Frame(scope, new Naming("", false)));
    if (meaning instanceof Meaning.Int number) {
      return inRange(number.dim(), value.span()) ? number.dim() : null;
    }
    if (!meaning.isFailed()) {
      problems()
          .report(
              DiagnosticCode.NOT_STATIC,
              value.span(),
              "a dim is a whole number, got " + meaning.describe());
    }
    return null;
  }

  private boolean inRange(Dim dim, SourceSpan span) {
    boolean fits = !dim.isStatic() || dim.value() >= 0 && dim.value() <= Integer.MAX_VALUE;
    if (!fits) {
      problems()
          .report(DiagnosticCode.BAD_STATIC_VALUE, span, "a dim is from 0 to 2³¹ - 1, got " + dim);
    }
    return fits;
  }

  /** Names in a dim that nothing binds yet. */
  private static List<Name> free(Expression value, Scope scope) {
    Set<String> seen = new LinkedHashSet<>();
    List<Name> free = new ArrayList<>();
    collect(value, scope, seen, free);
    return free;
  }

  private static void collect(Expression value, Scope scope, Set<String> seen, List<Name> free) {
    if (value instanceof Expression.Reference reference) {
      Name name = reference.name();
      if (isFree(scope, name) && seen.add(name.text())) {
        free.add(name);
      }
    } else if (value instanceof Expression.Binary binary) {
      collect(binary.left(), scope, seen, free);
      collect(binary.right(), scope, seen, free);
    } else if (value instanceof Expression.Unary unary) {
      collect(unary.operand(), scope, seen, free);
    } else if (value instanceof Expression.Call call) {
      for (Argument argument : call.arguments()) {
        collect(argument.value(), scope, seen, free);
      }
    }
  }

  /** Names of functions and layers do not bind a dim of the same name. */
  private static boolean isFree(Scope scope, Name name) {
    Scope.Binding binding = scope.find(name.text());
    return binding == null
        || binding.meaning() instanceof Meaning.Function
        || binding.meaning() instanceof Meaning.Constructor;
  }

  /** Whether a type has dims that nothing binds yet. */
  boolean isOpen(TypeExpression.Tensor type, Scope scope) {
    return type.dims().stream()
        .anyMatch(
            dim ->
                dim instanceof TypeExpression.Ellipsis ellipsis
                    ? boundLeading(ellipsis, scope) == null
                    : !free(((TypeExpression.Size) dim).value(), scope).isEmpty());
  }

  /**
   * Matches an actual type against a written one and binds the dims that are free in it.
   *
   * @param what the tensor's name for messages
   * @return whether it fits; if not, that was reported
   */
  boolean match(
      TypeExpression.Tensor pattern, TensorType actual, Scope scope, String what, SourceSpan span) {
    DType dtype = dtype(pattern.dtype());
    if (dtype != null && dtype != actual.dtype()) {
      problems()
          .report(
              DiagnosticCode.DTYPE_MISMATCH,
              span,
              what + " must be " + dtype + ", got " + actual,
              "convert it: " + dtype + "(…)");
      return false;
    }
    return matchDims(pattern, actual, scope, what, span);
  }

  /** As {@link #match} on the dims alone. */
  boolean matchDims(
      TypeExpression.Tensor pattern, TensorType actual, Scope scope, String what, SourceSpan span) {
    List<TypeExpression.Dim> dims = pattern.dims();
    boolean open = !dims.isEmpty() && dims.get(0) instanceof TypeExpression.Ellipsis;
    int fixed = dims.size() - (open ? 1 : 0);
    int leading = actual.rank() - fixed;
    if (leading < 0 || leading > 0 && !open) {
      problems()
          .report(
              DiagnosticCode.RANK_MISMATCH,
              span,
              what
                  + " must have "
                  + (open ? "at least " : "")
                  + fixed
                  + " axes, as in "
                  + pattern.span().text()
                  + ", got "
                  + actual);
      return false;
    }
    boolean fits =
        !open
            || matchLeading(
                (TypeExpression.Ellipsis) dims.get(0), actual, leading, scope, what, span);
    List<Integer> later = new ArrayList<>();
    for (int i = 0; i < fixed; i++) {
      TypeExpression.Dim dim = dims.get(dims.size() - fixed + i);
      if (dim instanceof TypeExpression.Size size && isCompound(size, scope)) {
        later.add(i);
      } else {
        fits &= matchDim(dim, actual, leading + i, scope, what, span);
      }
    }
    for (int i : later) {
      fits &= matchDim(dims.get(dims.size() - fixed + i), actual, leading + i, scope, what, span);
    }
    return fits;
  }

  private static boolean isCompound(TypeExpression.Size size, Scope scope) {
    return !(size.value() instanceof Expression.Reference) && !free(size.value(), scope).isEmpty();
  }

  private boolean matchLeading(
      TypeExpression.Ellipsis ellipsis,
      TensorType actual,
      int count,
      Scope scope,
      String what,
      SourceSpan span) {
    List<Dim> dims = actual.shape().subList(0, count);
    if (ellipsis.name().isEmpty() && scope.own(key(ellipsis)) != null) {
      problems()
          .report(
              DiagnosticCode.UNKNOWN_DIM,
              ellipsis.span(),
              "`...` stands for the leading dims of one input",
              "name it to say that several have the same: ...S");
      return false;
    }
    List<Dim> bound = boundLeading(ellipsis, scope);
    if (bound == null) {
      scope.let(key(ellipsis), Meaning.ListOf.dims(dims));
      return true;
    }
    if (!bound.equals(dims)) {
      problems()
          .report(
              DiagnosticCode.DIM_MISMATCH,
              span,
              "the leading dims of " + what + " must be " + bound + ", got " + actual);
      return false;
    }
    return true;
  }

  private boolean matchDim(
      TypeExpression.Dim dim,
      TensorType actual,
      int axis,
      Scope scope,
      String what,
      SourceSpan span) {
    if (!(dim instanceof TypeExpression.Size size)) {
      problems()
          .report(DiagnosticCode.UNKNOWN_DIM, dim.span(), "`...` stands before all other dims");
      return false;
    }
    Dim given = actual.dim(axis);
    List<Name> free = free(size.value(), scope);
    if (free.size() == 1) {
      return bind(size, free.get(0), given, scope);
    }
    List<Dim> wanted = size(size, scope);
    if (wanted == null || wanted.get(0).equals(given)) {
      return wanted != null;
    }
    problems()
        .report(
            DiagnosticCode.DIM_MISMATCH,
            span,
            what
                + " must be "
                + size.span().text()
                + equation(size, wanted.get(0))
                + " along axis "
                + axis
                + ", got "
                + given
                + " in "
                + actual);
    return false;
  }

  private static String equation(TypeExpression.Size size, Dim value) {
    String text = size.span().text();
    return text.equals(value.toString()) ? "" : " = " + value;
  }

  /** Binds the one unknown of a dim: {@code n}, or solved from {@code 2*n + 1}. */
  private boolean bind(TypeExpression.Size size, Name unknown, Dim given, Scope scope) {
    if (size.value() instanceof Expression.Reference) {
      scope.let(unknown.text(), new Meaning.Int(given, true));
      return true;
    }
    Scope trial = new Scope(scope);
    trial.let(unknown.text(), new Meaning.Int(Dim.symbol(UNKNOWN), true));
    Dim expression = evaluate(size.value(), trial);
    Optional<Dim> solution = expression == null ? Optional.empty() : solve(expression, given);
    solution.ifPresent(value -> scope.let(unknown.text(), new Meaning.Int(value, true)));
    if (solution.isEmpty()) {
      scope.let(unknown.text(), Meaning.FAILED);
      problems()
          .report(
              DiagnosticCode.DIM_MISMATCH,
              size.span(),
              "no `" + unknown + "` makes " + size.span().text() + " = " + given);
    }
    return solution.isPresent();
  }

  private static Optional<Dim> solve(Dim expression, Dim given) {
    Dim rest = expression.substitute(Map.of(UNKNOWN, Dim.ZERO));
    Dim factor = expression.substitute(Map.of(UNKNOWN, Dim.ONE)).minus(rest);
    Dim twice = expression.substitute(Map.of(UNKNOWN, Dim.constant(2))).minus(rest);
    boolean linear = twice.equals(factor.times(2)) && !factor.equals(Dim.ZERO);
    return linear
        ? Optional.ofNullable(given.minus(rest).dividedExactly(factor))
        : Optional.empty();
  }

  /**
   * Binds what the inputs of a root function leave free to dynamic dims of the same names.
   *
   * @return the type; null, reported, if a dim is neither a name nor known
   */
  TensorType bindFree(TypeExpression.Tensor type, Scope scope) {
    for (TypeExpression.Dim dim : type.dims()) {
      if (dim instanceof TypeExpression.Size size
          && size.value() instanceof Expression.Reference reference
          && scope.number(reference.name().text()) == null) {
        String name = reference.name().text();
        scope.let(name, new Meaning.Int(Dim.symbol(name), true));
      }
    }
    return read(type, scope);
  }
}
