package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.ScalarFunctions;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Sums of products named by an equation: {@code "bhqd,bhkd->bhqk"}. Labels that the result lacks
 * are summed over.
 *
 * <p>A primitive, not a composite of transposes and matmuls: two operands make one nest whose
 * access maps say all that a matmul template asks for, so nothing is copied to be multiplied. More
 * operands are contracted from left to right.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Einsum extends PrimitiveOp<Einsum.Attributes> {
  private static final Einsum OP = new Einsum();

  /** The equation. */
  public record Attributes(
      @Attribute(doc = "one letter for each axis: operands separated by commas, ->, the result")
          String equation) {}

  public Einsum() {
    super("einsum", Attributes.class, "operands*");
  }

  /** The contraction named by the equation. */
  public static Value of(GraphBuilder builder, String equation, Value... operands) {
    return builder.add(OP, new Attributes(equation), List.of(operands)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Attributes> call) {
    List<TensorType> types = call.operands().stream().map(ValueType::tensor).toList();
    Equation equation = Equation.parse(call.attributes().equation());
    List<List<Dim>> shapes = types.stream().map(TensorType::shape).toList();
    Map<Character, Dim> dims = equation.dims(shapes);
    Domain.NUMERIC.check(name(), types.get(0).dtype());
    for (TensorType type : types) {
      if (type.dtype() != types.get(0).dtype()) {
        throw new OpException(
            "einsum needs operands of one type, got " + types.get(0) + " and " + type,
            "convert one with cast");
      }
    }
    return List.of(types.get(0).withShape(Equation.shape(equation.result(), dims)));
  }

  @Override
  public List<Array> eval(EvalCall<Attributes> call) {
    Equation equation = Equation.parse(call.attributes().equation());
    List<List<Dim>> shapes =
        call.operands().stream()
            .map(x -> IntStream.of(x.shape()).mapToObj(Dim::constant).toList())
            .toList();
    Map<Character, Dim> dims = equation.dims(shapes);
    String summed = equation.summed();
    String all = equation.result() + summed;
    int[] space = all.chars().map(label -> dims.get((char) label).intValue()).toArray();
    Array result = Array.zeros(call.results().get(0).dtype(), call.shape());
    int inner = Array.size(Arrays.copyOfRange(space, equation.result().length(), space.length));
    for (int point = 0; point < Array.size(space); point++) {
      double product = product(call.operands(), equation, all, Array.index(space, point));
      double sum = result.data()[point / inner];
      result.data()[point / inner] =
          ScalarFunctions.apply(ScalarOp.ADD, result.dtype(), sum, product);
    }
    return List.of(result);
  }

  private static double product(
      List<Array> operands, Equation equation, String labels, int[] point) {
    double product = 1;
    for (int i = 0; i < operands.size(); i++) {
      int[] index = equation.operands().get(i).chars().map(l -> point[labels.indexOf(l)]).toArray();
      Array operand = operands.get(i);
      product =
          ScalarFunctions.apply(ScalarOp.MULTIPLY, operand.dtype(), product, operand.at(index));
    }
    return product;
  }

  @Override
  public void lower(Lowering<Attributes> lowering) {
    Equation equation = Equation.parse(lowering.attributes().equation());
    List<Buffer> buffers = lowering.operands();
    Map<Character, Dim> dims = equation.dims(buffers.stream().map(Buffer::shape).toList());
    List<Buffer> pending = new ArrayList<>(buffers);
    List<String> labels = new ArrayList<>(equation.operands());
    while (pending.size() > 2) {
      String kept = equation.keptAfter(labels);
      DType compute = ElementwiseOp.computeType(pending.get(0).dtype());
      Buffer product = lowering.temporary(compute, Equation.shape(kept, dims));
      contract(lowering, dims, pending.subList(0, 2), labels.subList(0, 2), product, kept);
      pending.subList(0, 2).clear();
      labels.subList(0, 2).clear();
      pending.add(0, product);
      labels.add(0, kept);
    }
    contract(lowering, dims, pending, labels, lowering.result(), equation.result());
  }

  /** One nest: parallel the target's labels in order, reduce the others. */
  private static void contract(
      Lowering<Attributes> lowering,
      Map<Character, Dim> dims,
      List<Buffer> operands,
      List<String> labels,
      Buffer target,
      String targetLabels) {
    String reduced = Equation.without(String.join("", labels), targetLabels);
    String all = targetLabels + reduced;
    List<Axis> axes = lowering.axes(Equation.shape(all, dims));
    Expr body = null;
    for (int i = 0; i < operands.size(); i++) {
      List<Expr> index =
          labels.get(i).chars().<Expr>mapToObj(l -> axes.get(all.indexOf(l)).variable()).toList();
      Expr load = new Expr.Load(operands.get(i), index);
      Expr factor = Expr.cast(ElementwiseOp.computeType(load.dtype()), load);
      body = body == null ? factor : body.times(factor);
    }
    List<Axis> parallel = axes.subList(0, targetLabels.length());
    emit(lowering, parallel, axes.subList(targetLabels.length(), axes.size()), body, target);
  }

  private static void emit(
      Lowering<Attributes> lowering,
      List<Axis> parallel,
      List<Axis> reduce,
      Expr body,
      Buffer target) {
    List<Expr> index = Lowering.index(parallel);
    if (reduce.isEmpty()) {
      Expr value = ElementwiseOp.stored(target.dtype(), body);
      lowering.elementwise(parallel, target, index, value);
      return;
    }
    Expr start = Expr.constant(body.dtype(), 0);
    Expr sum = ElementwiseOp.stored(target.dtype(), LoopNest.reduced(0, body.dtype()));
    lowering.nest(
        parallel,
        reduce,
        List.of(new LoopNest.Reduction(Combiner.SUM, start, body)),
        List.of(new LoopNest.Store(target, index, sum)));
  }

  /** Each operand's cotangent is the cotangent contracted with the other operands. */
  @Override
  public List<Value> vjp(VjpCall<Attributes> call) {
    Equation equation = Equation.parse(call.attributes().equation());
    List<Value> cotangents = new ArrayList<>();
    for (int i = 0; i < call.operands().size(); i++) {
      cotangents.add(cotangent(call, equation, i));
    }
    return cotangents;
  }

  private static Value cotangent(VjpCall<Attributes> call, Equation equation, int operand) {
    List<Value> others = new ArrayList<>(call.operands());
    others.remove(operand);
    others.add(0, call.cotangent());
    List<String> labels = new ArrayList<>(equation.operands());
    String wanted = labels.remove(operand);
    labels.add(0, equation.result());
    String alone = Equation.without(wanted, String.join("", labels));
    String found = Equation.without(wanted, alone);
    String product = String.join(",", labels) + "->" + found;
    Value value = of(call.builder(), product, others.toArray(Value[]::new));
    List<Integer> summedAlone = alone.chars().mapToObj(label -> wanted.indexOf(label)).toList();
    return Unreduce.of(call.builder(), value, call.operand(operand), summedAlone);
  }

  @Override
  public List<Sample<Attributes>> samples() {
    Array x = SampleValues.spread(1, 2, 3);
    Array y = SampleValues.spread(2, 4, 3);
    return List.of(
        Sample.of(
            "right operand transposed",
            new Attributes("ik,jk->ij"),
            List.of(x, y),
            List.of(
                Array.f32(
                    new int[] {2, 4},
                    2.62109375,
                    -0.8896484375,
                    -0.9482421875,
                    -1.0068359375,
                    2.884765625,
                    -1.3193359375,
                    -1.0849609375,
                    -0.8505859375)),
            "numpy 1.24.2 einsum"),
        Sample.of(
            "three operands and a sum of one alone",
            new Attributes("ab,cb,ad->ca"),
            List.of(x, y, SampleValues.spread(3, 2, 5)),
            List.of(
                Array.f32(
                    new int[] {4, 2},
                    -1.474365234375,
                    -0.1802978515625,
                    0.50042724609375,
                    0.08245849609375,
                    0.53338623046875,
                    0.06781005859375,
                    0.56634521484375,
                    0.05316162109375)),
            "numpy 1.24.2 einsum"),
        Sample.of(
            "one operand",
            new Attributes("abc->ca"),
            List.of(SampleValues.spread(4, 2, 3, 2)),
            List.of(Array.f32(new int[] {2, 2}, 0.0625, -1.21875, 0.375, -0.90625)),
            "numpy 1.24.2 einsum"),
        Sample.of(
            "outer product",
            new Attributes("i,j->ji"),
            List.of(Array.f32(new int[] {2}, 1, 2), Array.f32(new int[] {2}, 3, 4)),
            List.of(Array.f32(new int[] {2, 2}, 3, 6, 4, 8)),
            "by hand"),
        Sample.of(
            "attention scores",
            new Attributes("bqhd,bkhd->bhqk"),
            List.of(SampleValues.spread(5, 2, 3, 2, 5), SampleValues.spread(6, 2, 1, 2, 5))));
  }

  @Override
  public String doc() {
    return "sums of products named by an equation such as \"bhqd,bhkd->bhqk\"";
  }
}
