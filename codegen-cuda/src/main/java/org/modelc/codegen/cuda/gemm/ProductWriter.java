package org.modelc.codegen.cuda.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.cuda.Launch;
import org.modelc.codegen.cuda.emit.CudaTypes;
import org.modelc.codegen.cuda.emit.ExpressionWriter;
import org.modelc.codegen.cuda.emit.KernelFunction;
import org.modelc.codegen.cuda.emit.Phase;
import org.modelc.codegen.cuda.emit.Points;
import org.modelc.codegen.cuda.emit.ProgramWriter;
import org.modelc.codegen.cuda.emit.SourceText;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ExprWalk;
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

  private static final int MOST_Y_OR_Z = 65535;

  private final ProductReading reading;
  private final ProductTile tile;
  private final KernelFunction function;
  private final SourceText out;
  private final DType dtype;
  private final String type;
  private final Names names;

  /** Variables of the kernel. */
  private record Names(
      String left,
      String right,
      String sums,
      String firstRow,
      String firstColumn,
      String firstStep) {}

  private ProductWriter(ProductReading reading, ProductTile tile, ProgramWriter program) {
    this.reading = reading;
    this.tile = tile;
    this.function = program.function();
    this.out = function.out();
    this.dtype = reading.nest().reductions().get(0).dtype();
    this.type = CudaTypes.value(dtype);
    this.names =
        new Names(
            function.shared("left", dtype, tile.depth() * (tile.rows() + PADDING)),
            function.shared("right", dtype, tile.depth() * (tile.columns() + PADDING)),
            function.fresh("sums"),
            function.fresh("first_row"),
            function.fresh("first_column"),
            function.fresh("first_step"));
  }

  static Phase write(ProductReading reading, ProductTile tile, ProgramWriter program) {
    return new ProductWriter(reading, tile, program).phase();
  }

  private Phase phase() {
    out.line("const unsigned thread_row = threadIdx.x / " + tile.threadColumns() + "u;");
    out.line("const unsigned thread_column = threadIdx.x % " + tile.threadColumns() + "u;");
    String batch = function.fresh("batch");
    tiles(batch, "blockIdx.z", "gridDim.z", 1, reading.batch(), () -> columnTiles(batch));
    List<Launch.Extent> grid =
        List.of(
            new Launch.Extent(Points.count(reading.rows()), tile.rows(), Points.MOST_BLOCKS),
            new Launch.Extent(Points.count(reading.columns()), tile.columns(), MOST_Y_OR_Z),
            new Launch.Extent(Points.count(reading.batch()), 1, MOST_Y_OR_Z));
    List<String> schedule =
        List.of(
            "product"
                + reading.rows()
                + "×"
                + reading.columns()
                + " over"
                + reading.nest().reduce(),
            "tiles of " + tile);
    return function.finish(reading.nest(), schedule, grid, tile.threads());
  }

  private void columnTiles(String batch) {
    Points.decode(function, batch, reading.batch());
    tiles(
        names.firstColumn(),
        "blockIdx.y * " + tile.columns() + "u",
        "gridDim.y",
        tile.columns(),
        reading.columns(),
        () ->
            tiles(
                names.firstRow(),
                "blockIdx.x * " + tile.rows() + "u",
                "gridDim.x",
                tile.rows(),
                reading.rows(),
                this::tile));
  }

  /** Tiles from the block's own in strides of the grid. */
  private void tiles(
      String variable, String first, String blocks, int size, List<Axis> axes, Runnable body) {
    String end = " < (unsigned) " + function.dim(Points.count(axes));
    String step = size == 1 ? blocks : blocks + " * " + size + "u";
    out.block(
        "for (unsigned "
            + variable
            + " = "
            + first
            + "; "
            + variable
            + end
            + "; "
            + variable
            + " += "
            + step
            + ")",
        body);
  }

  private void tile() {
    LoopNest.Reduction reduction = reading.nest().reductions().get(0);
    String initial = ExpressionWriter.value(function, reduction.initial());
    out.line(type + " " + names.sums() + "[" + tile.rowsEach() + "][" + tile.columnsEach() + "];");
    each("i", tile.rowsEach(), () -> each("j", tile.columnsEach(), () -> sum(initial)));
    String end = function.dim(Points.count(reading.nest().reduce()));
    String step = names.firstStep();
    out.block(
        "for (unsigned "
            + step
            + " = 0; "
            + step
            + " < (unsigned) "
            + end
            + "; "
            + step
            + " += "
            + tile.depth()
            + "u)",
        () -> {
          load(names.left(), tile.rows(), names.firstRow(), reading.rows(), reading.left());
          load(
              names.right(),
              tile.columns(),
              names.firstColumn(),
              reading.columns(),
              reading.right());
          out.line("__syncthreads();");
          multiply();
          // The next tiles may not come before all have read these.
          out.line("__syncthreads();");
        });
    each("i", tile.rowsEach(), () -> each("j", tile.columnsEach(), this::store));
  }

  private void sum(String value) {
    out.line(names.sums() + "[i][j] = " + value + ";");
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
    boolean alongSteps = runsAlong(factor);
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
            + names.firstStep()
            + " + "
            + (alongSteps ? fast : slow)
            + ";");
    String value = function.fresh("value");
    out.line(type + " " + value + " = 0;");
    String inside = at + " < (unsigned) " + function.dim(Points.count(axes));
    String within = step + " < (unsigned) " + function.dim(Points.count(reading.nest().reduce()));
    out.open("if (" + inside + " && " + within + ")");
    Points.decode(function, at, axes);
    Points.decode(function, step, reading.nest().reduce());
    out.line(value + " = " + ExpressionWriter.value(function, factor) + ";");
    out.close();
    String row = alongSteps ? fast : slow;
    String column = alongSteps ? slow : fast;
    out.line(
        shared + "[(" + row + ") * " + (width + PADDING) + "u + " + column + "] = " + value + ";");
    out.close();
  }

  /** Whether neighbouring steps of the factor lie side by side. */
  private boolean runsAlong(Expr factor) {
    String last = reading.nest().reduce().get(reading.nest().reduce().size() - 1).name();
    boolean[] along = {false};
    ExprWalk.visit(
        factor,
        expr -> {
          if (expr instanceof Expr.Load load) {
            AffineIndex flat = AffineIndex.flat(load.buffer(), load.index());
            along[0] |= flat != null && flat.coefficient(last).is(1);
          }
        });
    return along[0];
  }

  private void multiply() {
    String step = function.fresh("k");
    out.line("#pragma unroll");
    out.open("for (int " + step + " = 0; " + step + " < " + tile.depth() + "; " + step + "++)");
    out.line(type + " own_row[" + tile.rowsEach() + "];");
    each("i", tile.rowsEach(), () -> read("own_row[i]", names.left(), step, true));
    each("j", tile.columnsEach(), () -> column(step));
    out.close();
  }

  private void column(String step) {
    read(type + " own_column", names.right(), step, false);
    String fma = dtype == DType.F64 ? "fma" : "fmaf";
    String sum = names.sums() + "[i][j]";
    each(
        "i",
        tile.rowsEach(),
        () -> out.line(sum + " = " + fma + "(own_row[i], own_column, " + sum + ");"));
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

  private void store() {
    String row = function.fresh("row");
    String column = function.fresh("column");
    out.line("const unsigned " + row + " = " + names.firstRow() + " + " + place(true) + ";");
    out.line("const unsigned " + column + " = " + names.firstColumn() + " + " + place(false) + ";");
    String rows = function.dim(Points.count(reading.rows()));
    String columns = function.dim(Points.count(reading.columns()));
    out.open(
        "if ("
            + row
            + " < (unsigned) "
            + rows
            + " && "
            + column
            + " < (unsigned) "
            + columns
            + ")");
    Points.decode(function, row, reading.rows());
    Points.decode(function, column, reading.columns());
    stores();
    out.close();
  }

  /** Computes all values before the first store, which may go over what another value reads. */
  private void stores() {
    ExpressionWriter writer = new ExpressionWriter(function, reduced -> names.sums() + "[i][j]");
    for (LoopNest.Store store : reading.nest().stores()) {
      writer.expect(store.value());
      store.index().forEach(writer::expect);
    }
    List<String> lines = new ArrayList<>();
    for (LoopNest.Store store : reading.nest().stores()) {
      String name = function.fresh("result");
      String value = writer.print(store.value());
      out.line(
          "const " + CudaTypes.value(store.value().dtype()) + " " + name + " = " + value + ";");
      lines.add(writer.store(store.buffer(), store.index(), name));
    }
    lines.forEach(out::line);
  }
}
