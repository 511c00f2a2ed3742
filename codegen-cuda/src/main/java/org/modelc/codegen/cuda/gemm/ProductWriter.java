package org.modelc.codegen.cuda.gemm;

import java.util.List;
import org.modelc.codegen.cuda.Roofline;
import org.modelc.codegen.cuda.emit.CudaTypes;
import org.modelc.codegen.cuda.emit.ExpressionWriter;
import org.modelc.codegen.cuda.emit.KernelFunction;
import org.modelc.codegen.cuda.emit.Phase;
import org.modelc.codegen.cuda.emit.ProgramWriter;
import org.modelc.codegen.cuda.emit.SourceText;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ProductReading;
import org.modelc.runtime.spec.DType;

/**
 * Writes a product: a block takes a tile of the result, brings the factors' tiles through shared
 * memory, a thread sums its rows × columns in registers. A sum runs over all steps in order, each
 * rounded once by an fma: its bits depend on nothing but the operands.
 */
final class ProductWriter {
  /** Keeps neighbouring steps of a column in different banks. */
  private static final int PADDING = 1;

  private final ProductReading reading;
  private final ProductTile tile;
  private final KernelFunction function;
  private final SourceText out;
  private final DType dtype;
  private final String type;
  private final ProductTiles tiles;
  private final String left;
  private final String right;
  private final String sums;

  private ProductWriter(
      ProductReading reading, ProductTile tile, int splits, ProgramWriter program) {
    this.reading = reading;
    this.tile = tile;
    this.function = program.function();
    function.reserve("i", "j", "thread_row", "thread_column", "own_row", "own_column");
    this.out = function.out();
    this.dtype = reading.nest().reductions().get(0).dtype();
    this.type = CudaTypes.value(dtype);
    this.left = function.shared("left", dtype, tile.depth() * (tile.rows() + PADDING));
    this.right = function.shared("right", dtype, tile.depth() * (tile.columns() + PADDING));
    this.sums = function.fresh("sums");
    this.tiles = new ProductTiles(reading, function, tile.rows(), tile.columns(), splits, program);
  }

  /**
   * @param splits parts that the steps are cut into, each with blocks of its own
   */
  static List<Phase> write(
      ProductReading reading, ProductTile tile, int splits, ProgramWriter program) {
    return new ProductWriter(reading, tile, splits, program).phases(program);
  }

  private List<Phase> phases(ProgramWriter program) {
    out.line("const unsigned thread_row = threadIdx.x / " + tile.threadColumns() + "u;");
    out.line("const unsigned thread_column = threadIdx.x % " + tile.threadColumns() + "u;");
    tiles.each(this::tile);
    List<String> schedule = List.of(tiles.schedule(), "tiles of " + tile);
    return tiles.finish(schedule, tile.threads(), Roofline.Rate.SINGLES, dtype.bytes(), program);
  }

  private void tile() {
    LoopNest.Reduction reduction = reading.nest().reductions().get(0);
    String initial = tiles.isSplit() ? "0" : ExpressionWriter.value(function, reduction.initial());
    out.line(type + " " + sums + "[" + tile.rowsEach() + "][" + tile.columnsEach() + "];");
    each("i", tile.rowsEach(), () -> each("j", tile.columnsEach(), () -> sum(initial)));
    tiles.steps(
        tile.depth(),
        () -> {
          load(left, tile.rows(), tiles.firstRow(), reading.rows(), reading.left());
          load(right, tile.columns(), tiles.firstColumn(), reading.columns(), reading.right());
          out.line("__syncthreads();");
          multiply();
          // The next tiles may not come before all have read these.
          out.line("__syncthreads();");
        });
    each(
        "i",
        tile.rowsEach(),
        () ->
            each(
                "j",
                tile.columnsEach(),
                () -> tiles.store(place(true), place(false), sums + "[i][j]")));
  }

  private void sum(String value) {
    out.line(sums + "[i][j] = " + value + ";");
  }

  private void each(String variable, int count, Runnable body) {
    out.line("#pragma unroll");
    String range = variable + " = 0; " + variable + " < " + count + "; " + variable + "++";
    out.block("for (int " + range + ")", body);
  }

  /** Brings a tile of a factor; what lies beyond the matrix is 0. */
  private void load(String shared, int width, String first, List<Axis> axes, Expr factor) {
    int count = width * tile.depth();
    String element = function.fresh("element");
    String at = function.fresh("at");
    String step = function.fresh("step");
    boolean alongSteps = tiles.runsAlong(factor);
    String size = (alongSteps ? tile.depth() : width) + "u";
    String fast = element + " % " + size;
    String slow = element + " / " + size;
    out.line("#pragma unroll");
    out.open(
        "for (unsigned "
            + element
            + " = threadIdx.x; "
            + element
            + " < "
            + count
            + "u; "
            + element
            + " += "
            + tile.threads()
            + "u)");
    out.line("const unsigned " + at + " = " + first + " + " + (alongSteps ? slow : fast) + ";");
    out.line(
        "const unsigned "
            + step
            + " = "
            + tiles.firstStep()
            + " + "
            + (alongSteps ? fast : slow)
            + ";");
    String value = function.fresh("value");
    out.line(type + " " + value + " = 0;");
    tiles.inside(
        at,
        axes,
        step,
        () -> out.line(value + " = " + ExpressionWriter.value(function, factor) + ";"));
    String row = alongSteps ? fast : slow;
    String column = alongSteps ? slow : fast;
    out.line(
        shared + "[(" + row + ") * " + (width + PADDING) + "u + " + column + "] = " + value + ";");
    out.close();
  }

  private void multiply() {
    String step = function.fresh("k");
    out.line("#pragma unroll");
    out.open("for (int " + step + " = 0; " + step + " < " + tile.depth() + "; " + step + "++)");
    out.line(type + " own_row[" + tile.rowsEach() + "];");
    each("i", tile.rowsEach(), () -> read("own_row[i]", left, step, true));
    each("j", tile.columnsEach(), () -> column(step));
    out.close();
  }

  private void column(String step) {
    read(type + " own_column", right, step, false);
    String sum = sums + "[i][j]";
    each("i", tile.rowsEach(), () -> out.line(sum + " = " + multiplyAdd(sum) + ";"));
  }

  private String multiplyAdd(String sum) {
    if (dtype == DType.I32) {
      String product = function.prelude().call("multiply", "own_row[i]", "own_column");
      return function.prelude().call("add", product, sum);
    }
    return (dtype == DType.F64 ? "fma" : "fmaf") + "(own_row[i], own_column, " + sum + ")";
  }

  private void read(String target, String shared, String step, boolean isRow) {
    int width = (isRow ? tile.rows() : tile.columns()) + PADDING;
    out.line(target + " = " + shared + "[" + step + " * " + width + " + " + place(isRow) + "];");
  }

  /** A thread's rows and columns lie apart, so that neighbours read and store neighbours. */
  private String place(boolean isRow) {
    return isRow
        ? "thread_row + i * " + tile.threadRows() + "u"
        : "thread_column + j * " + tile.threadColumns() + "u";
  }
}
