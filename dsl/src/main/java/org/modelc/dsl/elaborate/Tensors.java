package org.modelc.dsl.elaborate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.AttributeText;
import org.modelc.ir.op.Broadcasting;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.DimValue;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Makes nodes: constants, applications of ops, with the op's complaints as diagnostics. */
final class Tensors {
  private final Elaboration elaboration;

  Tensors(Elaboration elaboration) {
    this.elaboration = elaboration;
  }

  /** Applies an op to tensors, broadcast first where the op does. */
  Meaning apply(String op, Map<String, Object> attributes, List<Value> operands, SourceSpan span) {
    OpDef<?> definition = OpRegistry.find(op);
    if (definition == null) {
      throw new IllegalStateException("the op library has no op " + op);
    }
    return apply(definition, attributes, operands, span);
  }

  Meaning apply(String op, List<Value> operands, SourceSpan span) {
    return apply(op, new HashMap<>(), operands, span);
  }

  /** Applies an op; several results are a tuple. */
  <A extends Record> Meaning apply(
      OpDef<A> op, Map<String, Object> attributes, List<Value> operands, SourceSpan span) {
    elaboration.at(span);
    A record = null;
    try {
      record = AttributeText.create(op.attributesType(), op.name(), attributes);
      List<Value> fitted =
          op.broadcasts()
              ? Broadcasting.toCommonShape(elaboration.program().builder(), op.name(), operands)
              : operands;
      return results(elaboration.program().builder().add(op, record, fitted));
    } catch (OpException complaint) {
      if (dependsOnData(op, record, attributes, operands)) {
        return Meaning.FAILED;
      }
      Optional<String> hint = Optional.of(complaint.hint()).filter(text -> !text.isEmpty());
      return elaboration
          .problems()
          .report(DiagnosticCode.OPERATOR_TYPES, span, complaint.getMessage(), hint);
    } catch (ArithmeticException overflow) {
      String message = "the dims that " + op.name() + " gives do not fit 64 bits";
      return elaboration.problems().report(DiagnosticCode.NUMBER_RANGE, span, message);
    }
  }

  /** Whether only numbers that data will tell can say if an op takes what it was given. */
  private <A extends Record> boolean dependsOnData(
      OpDef<A> op, A record, Map<String, Object> attributes, List<Value> operands) {
    UnlearnedDims unlearned = elaboration.unlearned();
    return unlearned.isIn(attributes)
        || record != null
            && !op.broadcasts()
            && unlearned.wouldFit(op, record, operands.stream().map(Value::tensor).toList());
  }

  private Meaning results(List<Value> values) {
    if (values.size() == 1) {
      return elaboration.tensor(values.get(0));
    }
    List<Meaning.Group.Part> parts = new ArrayList<>();
    values.forEach(value -> parts.add(new Meaning.Group.Part("", elaboration.tensor(value))));
    return new Meaning.Group(parts);
  }

  /** A scalar constant. */
  Value constant(double value, DType dtype) {
    return Constant.scalar(elaboration.program().builder(), dtype, value);
  }

  /** What a number or dim is as a scalar of a type; empty if that type cannot hold it. */
  Optional<Value> scalar(Meaning meaning, DType dtype) {
    if (meaning instanceof Meaning.Int number && fits(number.dim(), dtype)) {
      return Optional.of(DimValue.of(elaboration.program().builder(), number.dim(), dtype));
    }
    if (meaning instanceof Meaning.Real number && dtype.isFloating()) {
      return Optional.of(constant(number.value(), dtype));
    }
    if (meaning instanceof Meaning.Bool truth && dtype == DType.BOOL) {
      return Optional.of(constant(truth.value() ? 1 : 0, dtype));
    }
    return Optional.empty();
  }

  private static boolean fits(Dim dim, DType dtype) {
    return dtype != DType.BOOL && (!dim.isStatic() || Constant.fits(dtype, (double) dim.value()));
  }

  /** The type a static number has when nothing else says one. */
  static DType natural(Meaning meaning) {
    if (meaning instanceof Meaning.Bool) {
      return DType.BOOL;
    }
    return meaning instanceof Meaning.Int ? DType.I32 : DType.F32;
  }

  /**
   * An operand as a tensor; a static number becomes a scalar of the given type.
   *
   * @return empty, reported unless it failed before, if it is neither
   */
  Optional<Value> operand(Meaning meaning, DType dtype, String what, SourceSpan span) {
    if (meaning instanceof Meaning.Tensor tensor) {
      return Optional.of(tensor.value());
    }
    if (meaning.isFailed()) {
      return Optional.empty();
    }
    Optional<Value> scalar = scalar(meaning, dtype);
    if (scalar.isEmpty()) {
      boolean number = meaning instanceof Meaning.Int;
      boolean dynamic = number && !((Meaning.Int) meaning).dim().isStatic();
      boolean tooLarge = number && !dynamic && dtype != DType.BOOL;
      elaboration
          .problems()
          .report(
              dynamic ? DiagnosticCode.NOT_STATIC : DiagnosticCode.NOT_A_TENSOR,
              span,
              what
                  + " must be a tensor"
                  + (meaning.isStatic() ? " of " + dtype : "")
                  + (tooLarge ? ", which cannot hold " : ", got ")
                  + meaning.describe());
    }
    return scalar;
  }
}
