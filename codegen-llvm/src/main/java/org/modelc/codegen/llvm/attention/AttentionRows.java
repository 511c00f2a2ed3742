package org.modelc.codegen.llvm.attention;

import java.util.List;
import java.util.function.Consumer;
import org.modelc.codegen.llvm.emit.ExpressionWriter;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.codegen.llvm.gemm.Arithmetic;
import org.modelc.codegen.llvm.gemm.TaskProduct;
import org.modelc.codegen.llvm.gemm.TaskProduct.Matrix;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarExpansion;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.Dim;

/** What attention and its gradient share: where rows lie, which keys they see, and exponentials. */
final class AttentionRows {
  /** Stands for the score of a key that is not seen; its exponential is 0. */
  static final double HIDDEN = -1e30;

  final AttentionShape shape;
  final KernelFunction function;
  final FunctionWriter out;
  final Arithmetic math;
  final TaskProduct product;
  final String element;
  final String vector;
  final int lanes;
  final int bytes;
  final Operand queries;
  final Operand keys;

  AttentionRows(AttentionShape shape, KernelFunction function) {
    this.shape = shape;
    this.function = function;
    this.out = function.writer();
    this.math = new Arithmetic(out);
    this.product = new TaskProduct(out, function.target(), shape.dtype());
    this.bytes = shape.dtype().bytes();
    this.lanes = function.target().lanes() * 4 / bytes;
    this.element = LlvmTypes.value(shape.dtype());
    this.vector = LlvmTypes.vector(element, lanes);
    this.queries = function.dim(shape.queries());
    this.keys = function.dim(shape.keys());
  }

  /** Batch and head of a task. */
  record Head(Operand batch, Operand head) {}

  Head head(Operand number) {
    Operand heads = Operand.i64(shape.heads());
    return new Head(math.divide(number, heads), math.remainder(number, heads));
  }

  /** A head's rows of a tensor {@code [batch…, rows, heads·size]}, from one of them on. */
  Matrix rows(Buffer buffer, Head head, Operand first, Operand rows, long size) {
    Operand row = math.add(math.times(head.batch(), rows), first);
    Operand place = math.add(math.times(row, shape.heads() * size), math.times(head.head(), size));
    Operand stride = Operand.i64(shape.heads() * size * bytes);
    return new Matrix(out.address(element, function.pointer(buffer), place), stride);
  }

  /** How many elements so many take in whole vectors of a panel. */
  long padded(long elements) {
    int columns = product.panelColumns();
    return (elements + columns - 1) / columns * columns;
  }

  /** The address of an element of a matrix in the worker's memory. */
  Operand at(Matrix matrix, Operand row) {
    return out.address("i8", matrix.address(), math.times(row, matrix.stride()));
  }

  Operand number(double value) {
    return Operand.number(element, value);
  }

  Operand splat(Operand scalar) {
    return out.splat(scalar, lanes);
  }

  Operand splat(double value) {
    return splat(number(value));
  }

  /** e to the power of each lane. */
  Operand exponential(Operand x) {
    Expr expression =
        ScalarExpansion.expand(Expr.apply(ScalarOp.EXP, new Expr.Var("x", shape.dtype())));
    ExpressionWriter.Scope scope = ExpressionWriter.Scope.empty();
    scope.values().put("x", x);
    ExpressionWriter.Lanes all = new ExpressionWriter.Lanes(null, lanes, null);
    return new ExpressionWriter(function, scope, all, null).value(expression);
  }

  Operand maximum(Operand one, Operand other) {
    return out.intrinsic("llvm.maximum", one.type(), one, other);
  }

  /**
   * The number of keys, counted from the first, of which a query sees some or all; at least 0.
   *
   * @param query its number
   */
  Operand limit(Operand query) {
    if (!shape.causal()) {
      return keys;
    }
    Operand earlier = math.subtract(keys, queries);
    Operand next = out.add(out.add(query, earlier), Operand.i64(1));
    return math.maximum(Operand.i64(0), math.minimum(keys, next));
  }

  /**
   * Which lanes of a vector of keys a query sees.
   *
   * @param below how many of the keys from the first lane on it may see
   * @param maskRow the mask's elements of the query from the first lane's key on; null for none
   */
  private Operand seen(Operand below, Operand maskRow) {
    Operand inside = out.mask(below, lanes);
    if (maskRow == null) {
      return inside;
    }
    Operand stored =
        maskIsSpread()
            ? splat(out.load("i8", maskRow))
            : out.maskedLoad(LlvmTypes.vector("i8", lanes), maskRow, inside);
    Operand set = out.compare("icmp ne", stored, Operand.zero(LlvmTypes.vector("i8", lanes)));
    return out.binary("and", inside, set);
  }

  private boolean maskIsSpread() {
    List<Dim> axes = shape.maskShape();
    return axes.get(axes.size() - 1).is(1);
  }

  /** The address of the mask's element for a query and a key; null if there is no mask. */
  Operand mask(Head head, Operand query, Operand key) {
    if (shape.mask() == null) {
      return null;
    }
    List<Dim> axes = shape.maskShape();
    int last = axes.size() - 1;
    Operand place = maskIsSpread() ? Operand.i64(0) : key;
    Dim stride = axes.get(last);
    if (!axes.get(last - 1).is(1)) {
      place = math.add(place, math.times(query, function.dim(stride)));
      stride = stride.times(axes.get(last - 1));
    }
    Operand rest = head.batch();
    for (int axis = last - 2; axis >= 0; axis--) {
      Operand extent = function.dim(shape.batch().get(axis));
      if (!axes.get(axis).is(1)) {
        Operand index = math.remainder(rest, extent);
        place = math.add(place, math.times(index, function.dim(stride)));
        stride = stride.times(axes.get(axis));
      }
      rest = math.divide(rest, extent);
    }
    return out.address("i8", function.pointer(shape.mask()), place);
  }

  /**
   * The scores of a vector of keys, scaled; {@link #HIDDEN} for those that the query does not see.
   *
   * @param line a row of products
   * @param visible the keys of the row that it may see
   * @param mask the mask's row; null for none
   */
  Operand score(Operand line, Operand lane, Operand visible, Operand mask) {
    Operand product = out.load(vector, out.address(element, line, lane));
    Operand scaled = out.multiply(product, splat(shape.scale()));
    return out.select(seen(lane, visible, mask), scaled, splat(HIDDEN));
  }

  private Operand seen(Operand lane, Operand visible, Operand mask) {
    Operand place = mask == null || maskIsSpread() ? mask : out.address("i8", mask, lane);
    return seen(out.subtract(visible, lane), place);
  }

  /** Puts exponentials of scores, less the greatest, in the scores' place; 0 for keys not seen. */
  Operand exponential(Operand line, Operand lane, Operand visible, Operand mask, Operand greatest) {
    Operand place = out.address(element, line, lane);
    Operand scaled = out.multiply(out.load(vector, place), splat(shape.scale()));
    Operand above = exponential(out.subtract(scaled, splat(greatest)));
    Operand share = out.select(seen(lane, visible, mask), above, splat(0));
    out.store(share, place);
    return share;
  }

  /** A quotient by a sum of exponentials; 0 where a query sees no key. */
  Operand quotient(Operand value, Operand total) {
    Operand quotient = out.binary("fdiv", value, total);
    if (shape.seesAlways()) {
      return quotient;
    }
    Operand none = out.compare("fcmp oeq", total, splat(0));
    return out.select(none, splat(0), quotient);
  }

  /** Loads the lanes of a row that exist. */
  Operand loadTail(Operand row, Operand lane, long size) {
    Operand place = out.address(element, row, lane);
    return size % lanes == 0
        ? out.load(vector, place)
        : out.maskedLoad(vector, place, out.mask(math.subtract(Operand.i64(size), lane), lanes));
  }

  /** Stores the lanes of a row that exist. */
  void storeTail(Operand value, Operand row, Operand lane, long size) {
    Operand place = out.address(element, row, lane);
    if (size % lanes == 0) {
      out.store(value, place);
    } else {
      out.maskedStore(value, place, out.mask(math.subtract(Operand.i64(size), lane), lanes));
    }
  }

  /** Calls a body for each vector of so many elements, the first lane's number given. */
  void vectors(Operand elements, Consumer<Operand> body) {
    out.loop(Operand.i64(0), elements, lanes, body);
  }
}
