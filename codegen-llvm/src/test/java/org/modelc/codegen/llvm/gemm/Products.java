package org.modelc.codegen.llvm.gemm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Combiner;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** Matrix products as nests, for tests and timings. */
final class Products {
  private Products() {}

  static Expr load(Buffer buffer, Expr... index) {
    return new Expr.Load(buffer, List.of(index));
  }

  static Buffer buffer(String name, DType dtype, Dim... shape) {
    return new Buffer(name, dtype, List.of(shape));
  }

  static LoopNest sum(
      List<Axis> parallel, List<Axis> reduce, Expr body, List<LoopNest.Store> stores) {
    Expr zero = new Expr.Const(body.dtype(), 0);
    LoopNest.Reduction reduction = new LoopNest.Reduction(Combiner.SUM, zero, body);
    return new LoopNest("product", parallel, reduce, List.of(reduction), stores, List.of());
  }

  /** What is written where the sums are finished. */
  interface Finish {
    Expr of(Expr sum, Axis row, Axis column);
  }

  /**
   * {@code c = a × b}, each of which may be given turned round; their names begin with the given.
   */
  static LoopNest matmul(
      String name,
      DType dtype,
      Dim m,
      Dim n,
      Dim k,
      boolean leftTurned,
      boolean rightTurned,
      Finish finish) {
    Axis i = new Axis("i", m);
    Axis j = new Axis("j", n);
    Axis l = new Axis("l", k);
    Buffer a = leftTurned ? buffer(name + "a", dtype, k, m) : buffer(name + "a", dtype, m, k);
    Buffer b = rightTurned ? buffer(name + "b", dtype, n, k) : buffer(name + "b", dtype, k, n);
    Buffer c = buffer(name + "c", dtype, m, n);
    Expr left =
        leftTurned ? load(a, l.variable(), i.variable()) : load(a, i.variable(), l.variable());
    Expr right =
        rightTurned ? load(b, j.variable(), l.variable()) : load(b, l.variable(), j.variable());
    Expr value = finish.of(LoopNest.reduced(0, dtype), i, j);
    LoopNest.Store store = new LoopNest.Store(c, List.of(i.variable(), j.variable()), value);
    return sum(List.of(i, j), List.of(l), left.times(right), List.of(store));
  }

  /** {@code relu(sum + bias[column])}. */
  static Expr reluOfBias(Expr sum, Axis row, Axis column) {
    Buffer bias = buffer("bias", sum.dtype(), column.extent());
    Expr shifted = sum.plus(load(bias, column.variable()));
    return Expr.apply(ScalarOp.MAXIMUM, shifted, new Expr.Const(sum.dtype(), 0));
  }

  /** {@code gelu(sum + bias[column])}. */
  static Expr geluOfBias(Expr sum, Axis row, Axis column) {
    Expr x = sum.plus(load(buffer("bias", sum.dtype(), column.extent()), column.variable()));
    return Expr.apply(ScalarOp.GELU, x);
  }

  /** {@code scores[b, h, t, u] = 0.25 · Σ query[b, t, h, d] · key[b, u, h, d]}. */
  static LoopNest scores(Dim batch, Dim heads, Dim time, Dim width) {
    Axis b = new Axis("b", batch);
    Axis h = new Axis("h", heads);
    Axis t = new Axis("t", time);
    Axis u = new Axis("u", time);
    Axis d = new Axis("d", width);
    Buffer query = buffer("query", DType.F32, batch, time, heads, width);
    Buffer key = buffer("key", DType.F32, batch, time, heads, width);
    Buffer scores = buffer("scores", DType.F32, batch, heads, time, time);
    Expr product =
        load(query, b.variable(), t.variable(), h.variable(), d.variable())
            .times(load(key, b.variable(), u.variable(), h.variable(), d.variable()));
    Expr value = LoopNest.reduced(0, DType.F32).times(new Expr.Const(DType.F32, 0.25));
    List<Expr> place = List.of(b.variable(), h.variable(), t.variable(), u.variable());
    return sum(
        List.of(b, h, t, u),
        List.of(d),
        product,
        List.of(new LoopNest.Store(scores, place, value)));
  }

  /** Factors that are computed, two results, one of them turned round. */
  static LoopNest expressions(Dim m, Dim n, Dim k) {
    Axis i = new Axis("i", m);
    Axis j = new Axis("j", n);
    Axis l = new Axis("l", k);
    Expr one = new Expr.Const(DType.F32, 1);
    Expr a = load(buffer("a", DType.F32, m, k), i.variable(), l.variable());
    Expr b = load(buffer("b", DType.F32, k, n), l.variable(), j.variable());
    Expr scale = load(buffer("scale", DType.F32, m), i.variable());
    Expr body = a.plus(one).times(Expr.apply(ScalarOp.ABSOLUTE, b));
    Expr sum = LoopNest.reduced(0, DType.F32);
    Expr positive = Expr.apply(ScalarOp.GREATER, sum, new Expr.Const(DType.F32, 4));
    return sum(
        List.of(i, j),
        List.of(l),
        body,
        List.of(
            new LoopNest.Store(
                buffer("c", DType.F32, m, n),
                List.of(i.variable(), j.variable()),
                sum.times(scale)),
            new LoopNest.Store(
                buffer("large", DType.BOOL, n, m), List.of(j.variable(), i.variable()), positive)));
  }

  /** A convolution with padding of one and a stride of two. */
  static LoopNest convolution(int batch, int channels, int size, int window, int filters) {
    int result = (size + 2 - window) / 2 + 1;
    Axis b = new Axis("b", Dim.constant(batch));
    Axis o = new Axis("o", Dim.constant(filters));
    Axis y = new Axis("y", Dim.constant(result));
    Axis x = new Axis("x", Dim.constant(result));
    Axis c = new Axis("c", Dim.constant(channels));
    Axis r = new Axis("r", Dim.constant(window));
    Axis s = new Axis("s", Dim.constant(window));
    Dim side = Dim.constant(size);
    Buffer in = buffer("in", DType.F32, b.extent(), c.extent(), side, side);
    Buffer w = buffer("w", DType.F32, o.extent(), c.extent(), r.extent(), s.extent());
    Buffer out = buffer("out", DType.F32, b.extent(), o.extent(), y.extent(), x.extent());
    Expr row = y.variable().times(Expr.integer(2)).plus(r.variable()).minus(Expr.integer(1));
    Expr column = x.variable().times(Expr.integer(2)).plus(s.variable()).minus(Expr.integer(1));
    Expr inside = Expr.apply(ScalarOp.AND, inside(row, size), inside(column, size));
    Expr pixel = load(in, b.variable(), c.variable(), row, column);
    Expr padded = Expr.select(inside, pixel, new Expr.Const(DType.F32, 0));
    Expr weight = load(w, o.variable(), c.variable(), r.variable(), s.variable());
    List<Expr> place = List.of(b.variable(), o.variable(), y.variable(), x.variable());
    return sum(
        List.of(b, o, y, x),
        List.of(c, r, s),
        padded.times(weight),
        List.of(new LoopNest.Store(out, place, LoopNest.reduced(0, DType.F32))));
  }

  private static Expr inside(Expr index, int size) {
    return Expr.apply(
        ScalarOp.AND,
        Expr.apply(ScalarOp.GREATER_EQUAL, index, Expr.integer(0)),
        Expr.apply(ScalarOp.LESS, index, Expr.integer(size)));
  }

  /** The product with its right factor in panels, which take its place. */
  static LoopNest packed(LoopNest nest, int width) {
    Axis column = nest.parallel().get(1);
    Axis step = nest.reduce().get(0);
    PackedPanels.Size size =
        new PackedPanels.Size(column.extent().value(), step.extent().value(), width);
    Expr.Apply body = (Expr.Apply) nest.reductions().get(0).body();
    String name = ((Expr.Load) body.operands().get(1)).buffer().name();
    PackedPanels panels = PackedPanels.of(name, DType.F32, size);
    Expr product = body.operands().get(0).times(panels.element(column, step));
    return sum(nest.parallel(), nest.reduce(), product, nest.stores());
  }

  static double[] random(int size, long seed) {
    Random random = new Random(seed);
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  /** Random numbers for all inputs of a program. */
  static Map<String, double[]> inputs(KernelProgram program, Map<String, Integer> dims) {
    Map<String, double[]> inputs = new HashMap<>();
    for (KernelProgram.Parameter parameter : program.parameters()) {
      int size = (int) parameter.buffer().size().evaluate(dims);
      if (parameter.role() == Role.INPUT) {
        inputs.put(parameter.name(), random(size, inputs.size()));
      }
    }
    return inputs;
  }
}
