package org.modelc.passes.compress;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Abs;
import org.modelc.ir.ops.Add;
import org.modelc.ir.ops.Cast;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.ops.Dequantize;
import org.modelc.ir.ops.Matmul;
import org.modelc.ir.ops.Max;
import org.modelc.ir.ops.Maximum;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Quantize;
import org.modelc.ir.ops.Reshape;
import org.modelc.ir.ops.SparseMatmul;
import org.modelc.ir.ops.SparsePanels;
import org.modelc.ir.ops.Subtract;
import org.modelc.ir.ops.UnpackInt4;
import org.modelc.ir.type.TensorType;
import org.modelc.passes.compress.Storage.Inputs;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Rewrites a program to read parameters as they are stored: each one becomes its integers and
 * scales, dequantised; and what such a weight is multiplied with is quantised and dequantised. The
 * result says what is computed; {@link org.modelc.passes.IntegerProducts} makes integer arithmetic
 * of it.
 */
public final class CompressProgram {
  private static final int EIGHT = 8;
  private static final double HIGHEST = 127;

  /** What a digit of eight bits counts beside the one below it. */
  private static final double BASE = 256;

  private final Map<String, Storage> storages;
  private final Map<Value, Inputs> multiplied = new IdentityHashMap<>();
  private final Map<Value, SparseOperands> sparse = new IdentityHashMap<>();
  private final GraphBuilder builder;

  private CompressProgram(String name, Map<String, Storage> storages) {
    this.storages = storages;
    this.builder = new GraphBuilder(name);
  }

  /**
   * The program over stored parameters.
   *
   * @param program reads parameters of floats
   * @param storages by parameter name; the others stay as they are
   */
  public static Graph of(Graph program, Map<String, Storage> storages) {
    return new CompressProgram(program.name(), storages).rewrite(program);
  }

  /** The name of the scales of a parameter. */
  public static String scaleOf(String parameter) {
    return parameter + ".scale";
  }

  /** The name of the gaps between the rows of a sparse parameter's elements. */
  public static String gapsOf(String parameter) {
    return parameter + ".gaps";
  }

  /** The name of where a sparse parameter's panels start. */
  public static String startsOf(String parameter) {
    return parameter + ".starts";
  }

  /** A matrix without its zeros. */
  private record SparseOperands(Value values, Value rows, Value starts) {}

  private Graph rewrite(Graph program) {
    GraphRewriter rewriter = new GraphRewriter(builder, this::product);
    for (Graph.Input input : program.inputs()) {
      Storage storage = input.role() == Role.PARAMETER ? storages.get(input.name()) : null;
      if (storage == null) {
        rewriter.input(input);
      } else {
        builder.at(input.value().origin());
        rewriter.map(input.value(), stored(input, storage));
      }
    }
    program.nodes().forEach(rewriter::node);
    rewriter.ends(program);
    return builder.build();
  }

  private Value stored(Graph.Input input, Storage storage) {
    TensorType type = input.value().tensor();
    return storage.accept(
        new Storage.Visitor<>() {
          @Override
          public Value visit(Storage.Integers integers) {
            multiplied.put(input.value(), integers.inputs());
            Value q = integers(input, integers);
            Value scale = scale(input.name(), type, integers);
            if (integers.group() == 0) {
              return Dequantize.of(builder, q, scale, whole(0));
            }
            List<Dim> shape = groups(type.shape(), integers.group());
            Value grouped = Reshape.of(builder, q, shape);
            grouped = Dequantize.of(builder, grouped, scale, whole(0));
            return Reshape.of(builder, grouped, type.shape());
          }

          @Override
          public Value visit(Storage.Halves storage) {
            TensorType stored = type.withDtype(storage.dtype());
            Value halves = builder.input(input.name(), Role.PARAMETER, stored);
            return Cast.of(builder, halves, type.dtype());
          }

          @Override
          public Value visit(Storage.Sparse matrix) {
            SparseOperands operands = operands(input.name(), type, matrix);
            sparse.put(input.value(), operands);
            return SparsePanels.dense(
                builder,
                operands.values,
                operands.rows,
                operands.starts,
                type.dim(0),
                type.dim(1).intValue());
          }
        });
  }

  private SparseOperands operands(String name, TensorType type, Storage.Sparse storage) {
    List<Dim> shape = List.of(Dim.constant(storage.steps()), Dim.constant(SparseWeight.PANEL));
    TensorType values = type.withShape(shape);
    int panels = (type.dim(1).intValue() + SparseWeight.PANEL - 1) / SparseWeight.PANEL;
    TensorType ends = TensorType.of(DType.I32, List.of(Dim.constant(panels + 1)));
    Value elements = builder.input(name, Role.PARAMETER, values);
    Value gaps = builder.input(gapsOf(name), Role.PARAMETER, values.withDtype(DType.I8));
    Value starts = builder.input(startsOf(name), Role.PARAMETER, ends);
    return new SparseOperands(elements, SparsePanels.rows(builder, gaps, starts), starts);
  }

  private Value integers(Graph.Input input, Storage.Integers storage) {
    TensorType type = input.value().tensor().withDtype(DType.I8);
    if (storage.bits() == EIGHT) {
      return builder.input(input.name(), Role.PARAMETER, type);
    }
    int axis = storage.packed();
    int size = type.dim(axis).intValue();
    List<Dim> shape = new ArrayList<>(type.shape());
    shape.set(axis, Dim.constant((size + 1) / 2));
    Value bytes = builder.input(input.name(), Role.PARAMETER, type.withShape(shape));
    return UnpackInt4.of(builder, bytes, axis, size);
  }

  private Value scale(String parameter, TensorType type, Storage.Integers storage) {
    List<Dim> shape = new ArrayList<>(Collections.nCopies(type.rank(), Dim.ONE));
    if (storage.axis() >= 0) {
      shape.set(storage.axis(), type.dim(storage.axis()));
    }
    if (storage.group() > 0) {
      Dim groups = type.dim(0).dividedExactly(Dim.constant(storage.group()));
      shape = List.of(groups, Dim.ONE, type.dim(1));
    }
    TensorType scales = TensorType.of(DType.BF16, shape);
    Value stored = builder.input(scaleOf(parameter), Role.PARAMETER, scales);
    return Cast.of(builder, stored, type.dtype());
  }

  /** A matrix with its rows in groups. */
  private static List<Dim> groups(List<Dim> shape, int group) {
    Dim size = Dim.constant(group);
    return List.of(shape.get(0).dividedExactly(size), size, shape.get(1));
  }

  private Value whole(int number) {
    return Constant.scalar(builder, DType.I32, number);
  }

  /** A product with a quantised weight reads its other operand by way of integers too. */
  private List<Value> product(Node node, List<Value> operands, GraphBuilder into) {
    SparseOperands matrix =
        node.op() instanceof Matmul && node.operands().size() == 2
            ? sparse.get(node.operand(1))
            : null;
    if (matrix != null) {
      int columns = node.operand(1).tensor().dim(1).intValue();
      return List.of(
          SparseMatmul.of(
              into, operands.get(0), matrix.values, matrix.rows, matrix.starts, columns));
    }
    Inputs inputs = WeightSite.isContraction(node) ? multiplied.get(node.operand(1)) : null;
    if (inputs == null || inputs instanceof Inputs.Floats) {
      return null;
    }
    Value x = operands.get(0);
    if (inputs instanceof Inputs.Dynamic dynamic && dynamic.bits() > EIGHT) {
      return into.copy(node, List.of(digits(node, x), operands.get(1)));
    }
    Value scale;
    Value zero;
    if (inputs instanceof Inputs.Fixed fixed) {
      scale = Constant.like(into, x, fixed.range().scale());
      zero = whole(fixed.range().zeroPoint());
    } else {
      scale = largest(node, x, HIGHEST);
      zero = whole(0);
    }
    Value q = Quantize.of(into, x, scale, zero, EIGHT);
    return into.copy(node, List.of(Dequantize.of(into, q, scale, zero), operands.get(1)));
  }

  /**
   * Integers of 16 bits as two digits of 8: {@code x ≈ s × (256 × high + low)}. What the high one
   * leaves is quantised anew, so both are integers as others are, and sums of either fit i32.
   */
  private Value digits(Node node, Value x) {
    Value unit = largest(node, x, BASE * HIGHEST + HIGHEST);
    Value above = Multiply.of(builder, unit, Constant.like(builder, unit, BASE));
    Value high = quantized(x, above);
    return Add.of(builder, high, quantized(Subtract.of(builder, x, high), unit));
  }

  private Value quantized(Value x, Value scale) {
    Value zero = whole(0);
    return Dequantize.of(builder, Quantize.of(builder, x, scale, zero, EIGHT), scale, zero);
  }

  /**
   * The scale of each row of a matrix, or of each example of a convolution; never 0.
   *
   * @param highest the integer that the largest element becomes
   */
  private Value largest(Node node, Value x, double highest) {
    int rank = x.tensor().rank();
    int first = node.op() instanceof Matmul ? rank - 1 : 1;
    List<Integer> summed = IntStream.range(first, rank).boxed().toList();
    Value most = Max.of(builder, Abs.of(builder, x), summed, true);
    Value scale = Multiply.of(builder, most, Constant.like(builder, x, 1 / highest));
    return Maximum.of(builder, scale, Constant.like(builder, x, Float.MIN_NORMAL));
  }
}
