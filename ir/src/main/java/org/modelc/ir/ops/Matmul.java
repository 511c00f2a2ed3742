package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
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
import org.modelc.ir.op.Broadcasting;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.Contraction;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.EvalCall;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.NoAttributes;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * The matrix product with the semantics of {@code numpy.matmul}: leading dims are batches and
 * broadcast; an operand of rank 1 is a row on the left, a column on the right, and its axis
 * vanishes. Products of i8 add up in i32.
 */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class Matmul extends PrimitiveOp<NoAttributes> implements Contraction<NoAttributes> {
  private static final Matmul OP = new Matmul();

  public Matmul() {
    super("matmul", NoAttributes.class, "left", "right");
  }

  /** {@code left @ right}. */
  public static Value of(GraphBuilder builder, Value left, Value right) {
    return builder.add(OP, NoAttributes.NONE, List.of(left, right)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<NoAttributes> call) {
    Operands.checkCount(this, call.operands());
    TensorType left = call.tensor(0);
    TensorType right = call.tensor(1);
    Domain.NUMERIC.check(name(), left.dtype());
    if (left.dtype() != right.dtype()) {
      throw new OpException(
          "matmul needs operands of one type, got " + left + " and " + right,
          "convert one with cast");
    }
    checkInner(left, right);
    List<Dim> shape =
        new ArrayList<>(Broadcasting.commonShape(name(), List.of(batch(left), batch(right))));
    if (left.rank() > 1) {
      shape.add(left.dim(-2));
    }
    if (right.rank() > 1) {
      shape.add(right.dim(-1));
    }
    // Eight bits are no room for a sum: products of i8 add up in the type they are computed in.
    return List.of(TensorType.of(ElementwiseOp.summed(left.dtype()), shape));
  }

  private static void checkInner(TensorType left, TensorType right) {
    if (left.rank() == 0 || right.rank() == 0) {
      throw new OpException(
          "matmul needs operands with axes, got " + left + " and " + right, "multiply by scalars");
    }
    Dim inner = right.dim(right.rank() == 1 ? -1 : -2);
    if (!left.dim(-1).equals(inner)) {
      boolean transposed = right.rank() > 1 && left.dim(-1).equals(right.dim(-1));
      throw new OpException(
          "matmul needs equal inner dims, got "
              + left.dim(-1)
              + " and "
              + inner
              + " in "
              + left
              + " @ "
              + right,
          transposed ? "did you mean transpose of the right operand?" : "");
    }
  }

  private static List<Dim> batch(TensorType type) {
    return type.shape().subList(0, Math.max(0, type.rank() - 2));
  }

  @Override
  public List<Array> eval(EvalCall<NoAttributes> call) {
    Array left = call.operand(0);
    Array right = call.operand(1);
    DType dtype = call.results().get(0).dtype();
    Array result = Array.zeros(dtype, call.shape());
    int inner = left.shape()[left.rank() - 1];
    int row = left.rank() > 1 ? 1 : 0;
    int column = right.rank() > 1 ? 1 : 0;
    for (int i = 0; i < result.size(); i++) {
      int[] index = Array.index(result.shape(), i);
      int batches = index.length - row - column;
      for (int k = 0; k < inner; k++) {
        double a = left.at(place(left, index, batches, row == 0 ? -1 : index[batches], k));
        int j = column == 0 ? -1 : index[index.length - 1];
        double b = right.at(column == 0 ? new int[] {k} : place(right, index, batches, k, j));
        result.data()[i] = ScalarFunctions.apply(ScalarOp.FMA, dtype, a, b, result.data()[i]);
      }
    }
    return List.of(result);
  }

  /** The index of a matrix element in its batch; a negative row stands for none. */
  private static int[] place(Array x, int[] index, int batches, int row, int column) {
    if (row < 0) {
      return new int[] {column};
    }
    int[] place = new int[x.rank()];
    for (int axis = 0; axis < x.rank() - 2; axis++) {
      int shared = index[batches - (x.rank() - 2) + axis];
      place[axis] = x.shape()[axis] == 1 ? 0 : shared;
    }
    place[x.rank() - 2] = row;
    place[x.rank() - 1] = column;
    return place;
  }

  /**
   * One nest: parallel batch…, i, j; reduce k; {@code left[batch…, i, k] × right[batch…, k, j]}.
   * Transposed operands come as copies that fusion folds into the index expressions, so a template
   * reads the order of both from the access maps.
   */
  @Override
  public void lower(Lowering<NoAttributes> lowering) {
    Buffer left = lowering.operand(0);
    Buffer right = lowering.operand(1);
    List<Axis> parallel = lowering.axes(lowering.result().shape());
    Axis inner = lowering.axes(List.of(left.shape().get(left.rank() - 1))).get(0);
    int free = (left.rank() > 1 ? 1 : 0) + (right.rank() > 1 ? 1 : 0);
    List<Axis> batch = parallel.subList(0, parallel.size() - free);
    Expr a = load(left, batch, left.rank() > 1 ? parallel.get(batch.size()) : null, inner);
    Expr b =
        right.rank() > 1
            ? load(right, batch, inner, parallel.get(parallel.size() - 1))
            : load(right, batch, null, inner);
    Expr start = Expr.constant(a.dtype(), 0);
    LoopNest.Reduction sum = new LoopNest.Reduction(Combiner.SUM, start, a.times(b));
    Expr value = ElementwiseOp.stored(lowering.result().dtype(), LoopNest.reduced(0, a.dtype()));
    List<Expr> target = Lowering.index(parallel);
    lowering.nest(
        parallel,
        List.of(inner),
        List.of(sum),
        List.of(new LoopNest.Store(lowering.result(), target, value)));
  }

  private static Expr load(Buffer buffer, List<Axis> batch, Axis row, Axis column) {
    List<Expr> index = new ArrayList<>();
    int batches = buffer.rank() - 2;
    for (int axis = 0; axis < batches; axis++) {
      Axis shared = batch.get(batch.size() - batches + axis);
      index.add(buffer.shape().get(axis).is(1) ? Expr.integer(0) : shared.variable());
    }
    if (row != null) {
      index.add(row.variable());
    }
    index.add(column.variable());
    Expr load = new Expr.Load(buffer, index);
    return Expr.cast(ElementwiseOp.computeType(buffer.dtype()), load);
  }

  /** For matrices: dleft = dy @ rightᵀ, dright = leftᵀ @ dy; summed over what was broadcast. */
  @Override
  public List<Value> vjp(VjpCall<NoAttributes> call) {
    GraphBuilder builder = call.builder();
    Value left = asMatrix(builder, call.operand(0), 0);
    Value right = asMatrix(builder, call.operand(1), 1);
    List<Dim> full =
        new ArrayList<>(
            Broadcasting.commonShape(name(), List.of(batch(left.tensor()), batch(right.tensor()))));
    full.add(left.tensor().dim(-2));
    full.add(right.tensor().dim(-1));
    Value cotangent = Reshape.of(builder, call.cotangent(), full);
    return List.of(
        fit(builder, leftCotangent(builder, right, cotangent), call.operand(0), left),
        fit(builder, rightCotangent(builder, left, right, cotangent), call.operand(1), right));
  }

  private static Value leftCotangent(GraphBuilder builder, Value right, Value cotangent) {
    return of(builder, cotangent, Transpose.ofMatrices(builder, right));
  }

  /** One right matrix for a whole batch on the left: the batch joins the contracted rows. */
  private static Value rightCotangent(
      GraphBuilder builder, Value left, Value right, Value cotangent) {
    boolean shared = right.tensor().rank() == 2 && left.tensor().rank() > 2;
    Value rows = shared ? joinRows(builder, left) : left;
    Value columns = shared ? joinRows(builder, cotangent) : cotangent;
    return of(builder, Transpose.ofMatrices(builder, rows), columns);
  }

  private static Value joinRows(GraphBuilder builder, Value x) {
    Dim columns = x.tensor().dim(-1);
    List<Dim> shape = x.tensor().shape();
    Dim rows = Dim.product(shape.subList(0, shape.size() - 1));
    return Reshape.of(builder, x, List.of(rows, columns));
  }

  private static Value asMatrix(GraphBuilder builder, Value x, int axis) {
    List<Dim> shape = x.tensor().shape();
    if (shape.size() > 1) {
      return x;
    }
    Dim dim = shape.get(0);
    return Reshape.of(builder, x, axis == 0 ? List.of(Dim.ONE, dim) : List.of(dim, Dim.ONE));
  }

  /** Sums over broadcast batch axes and gives the operand's shape back. */
  private static Value fit(GraphBuilder builder, Value cotangent, Value operand, Value matrix) {
    int added = cotangent.tensor().rank() - matrix.tensor().rank();
    List<Integer> leading = IntStream.range(0, added).boxed().toList();
    Value summed = Sum.of(builder, cotangent, leading, false);
    List<Integer> stretched =
        IntStream.range(0, matrix.tensor().rank())
            .filter(axis -> !matrix.tensor().dim(axis).equals(summed.tensor().dim(axis)))
            .boxed()
            .toList();
    Value fitted = Sum.of(builder, summed, stretched, true);
    return Reshape.of(builder, fitted, operand.tensor().shape());
  }

  /** The last axis of the result is the weight's last, if the weight is a matrix. */
  @Override
  public int weightAxis(NoAttributes attributes, List<ValueType> operands, int resultAxis) {
    int rank = operands.get(0).tensor().rank();
    boolean matrix = operands.get(1).tensor().rank() == 2;
    return matrix && resultAxis == rank - 1 ? 1 : -1;
  }

  @Override
  public List<Sample<NoAttributes>> samples() {
    Array x = Array.f32(new int[] {2, 3}, 1, 2, 3, 4, 5, 6);
    Array w = Array.f32(new int[] {3, 2}, 1, 0, -1, 2, 0.5, 1);
    NoAttributes none = NoAttributes.NONE;
    return List.of(
        Sample.of(
            "matrices",
            none,
            List.of(x, w),
            List.of(Array.f32(new int[] {2, 2}, 0.5, 7, 2, 16)),
            "by hand"),
        Sample.of(
            "matrix and vector",
            none,
            List.of(x, Array.f32(new int[] {3}, 1, 0, -1)),
            List.of(Array.f32(new int[] {2}, -2, -2)),
            "by hand"),
        Sample.of(
            "vector and matrix",
            none,
            List.of(Array.f32(new int[] {3}, 2, 1, 0), w),
            List.of(Array.f32(new int[] {2}, 1, 2)),
            "by hand"),
        Sample.of(
            "two vectors",
            none,
            List.of(Array.f32(new int[] {3}, 1, 2, 3), Array.f32(new int[] {3}, 4, -5, 6)),
            List.of(Array.f32(new int[] {}, 12)),
            "by hand"),
        Sample.of(
            "nothing to contract",
            none,
            List.of(Array.zeros(DType.F32, 2, 0), Array.zeros(DType.F32, 0, 1)),
            List.of(Array.zeros(DType.F32, 2, 1)),
            "by hand"),
        Sample.of(
            "products of i8 add up in i32",
            none,
            List.of(
                new Array(DType.I8, new int[] {1, 3}, new double[] {-128, 127, 100}),
                new Array(DType.I8, new int[] {3, 1}, new double[] {-128, 127, -50})),
            List.of(Array.i32(new int[] {1, 1}, 27513)),
            "by hand"),
        Sample.of(
            "bytes add up in i32, sizes that fill no vector",
            none,
            List.of(
                new Array(
                    DType.I8,
                    new int[] {5, 9},
                    new double[] {
                      -128, 127, -123, 78, -8, 3, 33, -55, 122, -115, -57, -30, 18, -24, -95, -117,
                      -128, -116, -90, 127, -80, 39, 64, -68, -56, -17, -61, 121, -83, 101, 76, 88,
                      -99, -28, 32, -2, 42, 45, 41, -113, 117, 14, 103, -59, -36
                    }),
                new Array(
                    DType.I8,
                    new int[] {9, 7},
                    new double[] {
                      -128, -81, -112, -33, 45, -97, 94, 127, -70, 11, 101, 98, 95, -50, -124, 71,
                      53, 69, -128, -119, 0, -43, -17, 110, -76, 7, -45, -53, 78, -89, -47, -98,
                      -90, -57, 50, 20, -14, -85, 76, 76, -68, -113, -47, -91, 76, 5, 1, -54, 1,
                      119, -68, 68, -125, -48, 110, 95, -107, 87, 88, -12, -34, 122, 115
                    })),
            List.of(
                Array.i32(
                    new int[] {5, 7},
                    22697,
                    3440,
                    27419,
                    9224,
                    22449,
                    42912,
                    -14417,
                    9334,
                    23594,
                    -5958,
                    6539,
                    -1884,
                    -5586,
                    -24996,
                    46660,
                    -11742,
                    3519,
                    -1550,
                    10815,
                    23248,
                    -14679,
                    -31599,
                    -4360,
                    3399,
                    -31447,
                    -32025,
                    -28557,
                    29865,
                    1510,
                    -20822,
                    -20507,
                    12496,
                    -5046,
                    -23658,
                    2313)),
            "numpy 2.4, a @ b in int64"),
        batched(),
        derived("batch and one matrix", new int[] {2, 3, 5}, new int[] {5, 7}),
        derived("one matrix and batch", new int[] {3, 5}, new int[] {2, 5, 1}),
        derived("batch and vector", new int[] {2, 3, 5}, new int[] {5}),
        derived("vector and batch", new int[] {5}, new int[] {2, 5, 3}),
        derived("odd sizes", new int[] {13, 7}, new int[] {7, 17}));
  }

  private static Sample<NoAttributes> batched() {
    return Sample.of(
        "broadcast batches",
        NoAttributes.NONE,
        List.of(SampleValues.spread(1, 2, 1, 2, 3), SampleValues.spread(2, 2, 3, 2)),
        List.of(
            Array.f32(
                new int[] {2, 2, 2, 2},
                1.6259765625,
                -1.845703125,
                1.9873046875,
                -2.373046875,
                1.7060546875,
                -1.962890625,
                1.6669921875,
                -1.904296875,
                0.474609375,
                1.5380859375,
                0.8359375,
                1.0107421875,
                -2.21875,
                0.6201171875,
                -2.2578125,
                0.6787109375)),
        "numpy 1.24.2 matmul");
  }

  private static Sample<NoAttributes> derived(String name, int[] left, int[] right) {
    return Sample.of(
        name,
        NoAttributes.NONE,
        List.of(SampleValues.spread(1, left), SampleValues.spread(2, right)));
  }

  @Override
  public String doc() {
    return "the matrix product; leading dims are batches, an operand of rank 1 is a vector";
  }
}
