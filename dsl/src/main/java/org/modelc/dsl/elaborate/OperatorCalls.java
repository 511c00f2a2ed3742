package org.modelc.dsl.elaborate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.modelc.dsl.ast.Expression;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.Suggestions;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.RecordShape;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Calls of ops by name. Tensors come first, in the order of the op's operands, then attributes in
 * the order of its attribute record; both may be named. Reductions take {@code over:} or {@code
 * keep:}; an axis may be given by the dim it has.
 */
final class OperatorCalls {
  private static final String AXES = "axes";
  private static final String AXIS = "axis";
  private static final String KEEP = "keep";
  private static final String OVER = "over";
  private static final String SITE = "site";

  private final Elaboration elaboration;

  OperatorCalls(Elaboration elaboration) {
    this.elaboration = elaboration;
  }

  private Problems problems() {
    return elaboration.problems();
  }

  /** What a call gave, sorted. */
  private static final class Sorted {
    private final List<Calls.Given> operands = new ArrayList<>();
    private final Map<String, Calls.Given> attributes = new HashMap<>();
  }

  Meaning call(OpDef<?> op, List<Calls.Given> given, Frame frame, SourceSpan span) {
    if (given.stream().anyMatch(each -> each.meaning().isFailed())) {
      return Meaning.FAILED;
    }
    Sorted sorted = sort(op, given);
    if (sorted == null) {
      return Meaning.FAILED;
    }
    List<Value> operands = operands(op, sorted);
    if (operands == null) {
      return Meaning.FAILED;
    }
    Map<String, Object> attributes = attributes(op, sorted, operands);
    if (attributes == null) {
      return Meaning.FAILED;
    }
    if (op.isRandom()) {
      addRandom(op, operands, attributes, frame);
    }
    return elaboration.tensors().apply(op, attributes, operands, span);
  }

  // ---- which argument is what

  private static List<String> operandNames(OpDef<?> op) {
    return op.operandNames().stream().filter(name -> !op.isRandom() || !isControl(name)).toList();
  }

  private static boolean isControl(String operand) {
    return operand.equals("seed") || operand.equals("step");
  }

  private static boolean isOpen(OpDef<?> op) {
    List<String> names = op.operandNames();
    return !names.isEmpty() && names.get(names.size() - 1).endsWith("*");
  }

  private static List<String> attributeNames(OpDef<?> op) {
    return RecordShape.of(op.attributesType()).names();
  }

  private static boolean isList(OpDef<?> op, int attribute) {
    return RecordShape.of(op.attributesType()).components().get(attribute).getType() == List.class;
  }

  private Sorted sort(OpDef<?> op, List<Calls.Given> given) {
    List<String> operandNames = operandNames(op);
    Sorted sorted = new Sorted();
    Map<String, Calls.Given> named = new HashMap<>();
    List<Calls.Given> rest = new ArrayList<>();
    for (Calls.Given each : given) {
      boolean tensorList =
          isOpen(op) && each.meaning() instanceof Meaning.ListOf list && hasTensor(list);
      if (each.name() != null) {
        if (named.put(each.name().text(), each) != null) {
          return reportTwice(op, each);
        }
      } else if (tensorList) {
        ((Meaning.ListOf) each.meaning())
            .elements()
            .forEach(
                element -> sorted.operands.add(new Calls.Given(null, element, each.expression())));
      } else if (isOpen(op)
          ? each.meaning() instanceof Meaning.Tensor
          : sorted.operands.size() < operandNames.size()) {
        sorted.operands.add(each);
      } else {
        rest.add(each);
      }
    }
    takeNamedOperands(operandNames, named, sorted);
    return assign(op, rest, named, sorted) ? sorted : null;
  }

  private Sorted reportTwice(OpDef<?> op, Calls.Given given) {
    problems()
        .report(
            DiagnosticCode.DUPLICATE_ARGUMENT,
            given.name().span(),
            "`" + op.name() + "` is given `" + given.name() + "` twice");
    return null;
  }

  private static boolean hasTensor(Meaning.ListOf list) {
    return list.elements().stream().anyMatch(Meaning.Tensor.class::isInstance);
  }

  private static void takeNamedOperands(
      List<String> operandNames, Map<String, Calls.Given> named, Sorted sorted) {
    for (int i = sorted.operands.size(); i < operandNames.size(); i++) {
      Calls.Given given = named.remove(operandNames.get(i));
      if (given == null) {
        return;
      }
      sorted.operands.add(given);
    }
  }

  private boolean assign(
      OpDef<?> op, List<Calls.Given> rest, Map<String, Calls.Given> named, Sorted sorted) {
    List<String> names = attributeNames(op);
    boolean lastIsList = !names.isEmpty() && isList(op, names.size() - 1);
    for (int i = 0; i < rest.size(); i++) {
      boolean collects = lastIsList && i == names.size() - 1 && rest.size() > names.size();
      if (i >= names.size()) {
        problems()
            .report(
                DiagnosticCode.ARGUMENT_COUNT,
                rest.get(i).span(),
                "`" + op.name() + "` takes fewer arguments",
                "its operands are " + operandNames(op) + ", its settings " + names);
        return false;
      }
      sorted.attributes.put(names.get(i), collects ? collected(rest, i) : rest.get(i));
      if (collects) {
        break;
      }
    }
    return assignNamed(op, names, named, sorted);
  }

  private static Calls.Given collected(List<Calls.Given> rest, int from) {
    List<Meaning> elements =
        rest.subList(from, rest.size()).stream().map(Calls.Given::meaning).toList();
    return new Calls.Given(null, new Meaning.ListOf(elements), rest.get(from).expression());
  }

  private boolean assignNamed(
      OpDef<?> op, List<String> names, Map<String, Calls.Given> named, Sorted sorted) {
    List<String> possible = new ArrayList<>(names);
    if (names.contains(AXES)) {
      possible.add(OVER);
      possible.add(KEEP);
    }
    for (Map.Entry<String, Calls.Given> entry : named.entrySet()) {
      if (!possible.contains(entry.getKey()) || entry.getKey().equals(SITE)) {
        problems()
            .report(
                DiagnosticCode.UNKNOWN_ARGUMENT,
                entry.getValue().name().span(),
                "`" + op.name() + "` has no argument `" + entry.getKey() + "`",
                Suggestions.didYouMean(entry.getKey(), possible)
                    .orElse("its arguments are " + possible));
        return false;
      }
      sorted.attributes.put(entry.getKey(), entry.getValue());
    }
    return true;
  }

  // ---- operands

  private List<Value> operands(OpDef<?> op, Sorted sorted) {
    DType dtype =
        sorted.operands.stream()
            .filter(given -> given.meaning() instanceof Meaning.Tensor)
            .map(given -> ((Meaning.Tensor) given.meaning()).value().tensor().dtype())
            .filter(found -> found != DType.BOOL || sorted.operands.size() == 1)
            .findFirst()
            .orElse(DType.F32);
    List<String> names = operandNames(op);
    List<Value> operands = new ArrayList<>();
    for (Calls.Given given : sorted.operands) {
      int index = Math.min(operands.size(), names.size() - 1);
      String what = "`" + names.get(index).replace("*", "") + "` of " + op.name();
      Optional<Value> operand =
          elaboration.tensors().operand(given.meaning(), dtype, what, given.span());
      if (operand.isEmpty()) {
        return null;
      }
      operands.add(operand.get());
    }
    return operands;
  }

  // ---- attributes

  private Map<String, Object> attributes(OpDef<?> op, Sorted sorted, List<Value> operands) {
    Map<String, Object> attributes = new HashMap<>();
    int rank = operands.isEmpty() ? 0 : operands.get(0).tensor().rank();
    for (Map.Entry<String, Calls.Given> entry : sorted.attributes.entrySet()) {
      String name = entry.getKey();
      Calls.Given given = entry.getValue();
      boolean complement = name.equals(KEEP) && !(given.meaning() instanceof Meaning.Bool);
      Object value;
      if (name.equals(OVER) || name.equals(AXES) || complement) {
        List<Integer> axes = axes(given, operands, !name.equals(AXES));
        value = axes != null && complement ? others(axes, rank) : axes;
        name = AXES;
      } else if (name.equals(AXIS)) {
        value = axis(given.meaning(), given.expression(), operands, false);
      } else {
        value = plain(given);
      }
      if (value == null) {
        return null;
      }
      attributes.put(name, value);
    }
    if (attributeNames(op).contains(AXES) && !attributes.containsKey(AXES) && isReduction(op)) {
      attributes.put(AXES, others(List.of(), rank));
    }
    return attributes;
  }

  /** Reductions without {@code over:} or {@code keep:} take all axes. */
  private static boolean isReduction(OpDef<?> op) {
    return attributeNames(op).contains(KEEP);
  }

  private static List<Integer> others(List<Integer> kept, int rank) {
    List<Integer> others = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      if (!kept.contains(axis) && !kept.contains(axis - rank)) {
        others.add(axis);
      }
    }
    return others;
  }

  private List<Integer> axes(Calls.Given given, List<Value> operands, boolean namesAreDims) {
    List<Meaning> elements = Expressions.elements(given.meaning());
    if (elements == null) {
      Integer axis = axis(given.meaning(), given.expression(), operands, namesAreDims);
      return axis == null ? null : List.of(axis);
    }
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      boolean written =
          given.expression() instanceof Expression.ListLiteral literal
              && literal.elements().size() == elements.size();
      Expression expression =
          written
              ? ((Expression.ListLiteral) given.expression()).elements().get(i)
              : given.expression();
      Integer axis = axis(elements.get(i), expression, operands, namesAreDims);
      if (axis == null) {
        return null;
      }
      axes.add(axis);
    }
    return axes;
  }

  /**
   * An axis by number, or by the dim that it alone has.
   *
   * @param namesAreDims whether any name stands for a dim, not only those that types bound
   */
  private Integer axis(
      Meaning meaning, Expression expression, List<Value> operands, boolean namesAreDims) {
    if (!(meaning instanceof Meaning.Int number)) {
      problems()
          .report(
              DiagnosticCode.AMBIGUOUS_AXIS,
              expression.span(),
              "an axis is a number or a dim, got " + meaning.describe());
      return null;
    }
    boolean named = namesAreDims && expression instanceof Expression.Reference;
    boolean byDim = named || number.label() || !number.dim().isStatic();
    if (!byDim) {
      return numbered(number.dim().value(), expression);
    }
    List<Dim> shape = operands.isEmpty() ? List.of() : operands.get(0).tensor().shape();
    List<Integer> found = new ArrayList<>();
    for (int axis = 0; axis < shape.size(); axis++) {
      if (shape.get(axis).equals(number.dim())) {
        found.add(axis);
      }
    }
    if (found.size() == 1) {
      return found.get(0);
    }
    String written = expression.span().text();
    String size =
        written.equals(number.dim().toString()) ? written : written + " = " + number.dim();
    problems()
        .report(
            DiagnosticCode.AMBIGUOUS_AXIS,
            expression.span(),
            (found.isEmpty()
                    ? "no axis of " + shape + " has"
                    : found.size() + " axes of " + shape + " have")
                + " the size "
                + size,
            "give the axis as a number, negative from the end");
    return null;
  }

  private Integer numbered(long axis, Expression expression) {
    if (axis == (int) axis) {
      return (int) axis;
    }
    problems()
        .report(DiagnosticCode.BAD_STATIC_VALUE, expression.span(), "there is no axis " + axis);
    return null;
  }

  private Object plain(Calls.Given given) {
    Object value = plain(given.meaning());
    if (value == null) {
      problems()
          .report(
              DiagnosticCode.TENSOR_AS_STATIC,
              given.span(),
              "a setting is static, got " + given.meaning().describe());
    }
    return value;
  }

  private static Object plain(Meaning meaning) {
    if (meaning instanceof Meaning.Int number) {
      return number.dim().isStatic() ? (Object) number.dim().value() : number.dim();
    }
    if (meaning instanceof Meaning.Real number) {
      return number.value();
    }
    if (meaning instanceof Meaning.Bool truth) {
      return truth.value();
    }
    if (meaning instanceof Meaning.Text text) {
      return text.value();
    }
    if (meaning instanceof Meaning.ListOf list) {
      List<Object> values = list.elements().stream().map(OperatorCalls::plain).toList();
      return values.contains(null) ? null : values;
    }
    return null;
  }

  // ---- random ops

  /** Random ops draw by (seed, binding path, step): the path is settled here, never a position. */
  private void addRandom(
      OpDef<?> op, List<Value> operands, Map<String, Object> attributes, Frame frame) {
    Program program = elaboration.program();
    for (String operand : op.operandNames()) {
      if (isControl(operand)) {
        operands.add(program.control(operand));
      }
    }
    String initialised = elaboration.randomSite();
    String site = initialised.isEmpty() ? frame.naming().claimKind(op.name()) : initialised;
    if (attributeNames(op).contains(SITE)) {
      attributes.put(SITE, site);
    }
  }
}
