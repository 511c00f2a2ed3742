package org.modelc.codegen.cuda.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.cuda.Launch;
import org.modelc.codegen.cuda.Roofline;
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

/** The tiles of a product's result: the loops over them and over the steps, and their stores. */
final class ProductTiles {
  private static final int MOST_Y_OR_Z = 65535;

  private final ProductReading reading;
  private final KernelFunction function;
  private final SourceText out;
  private final int rows;
  private final int columns;
  private final String firstRow;
  private final String firstColumn;
  private final String firstStep;
  private final String number;
  private final SplitSum split;

  /**
   * @param rows of a tile
   * @param columns of a tile
   * @param splits parts that the steps are cut into, each with blocks of its own; 1 for none
   */
  ProductTiles(
      ProductReading reading,
      KernelFunction function,
      int rows,
      int columns,
      int splits,
      ProgramWriter program) {
    this.reading = reading;
    this.function = function;
    this.out = function.out();
    this.rows = rows;
    this.columns = columns;
    this.firstRow = function.fresh("first_row");
    this.firstColumn = function.fresh("first_column");
    this.firstStep = function.fresh("first_step");
    this.number = function.fresh("batch");
    this.split = splits == 1 ? null : new SplitSum(reading, splits, function, program);
  }

  boolean isSplit() {
    return split != null;
  }

  /** The axes of the sum. */
  List<Axis> steps() {
    return reading.nest().reduce();
  }

  /** The first step of the block's part of the sum. */
  String begin() {
    return split == null ? "0" : split.begin();
  }

  /** The step that its part ends before. */
  String end() {
    return split == null ? bound(steps()) : split.end();
  }

  String firstRow() {
    return firstRow;
  }

  String firstColumn() {
    return firstColumn;
  }

  String firstStep() {
    return firstStep;
  }

  List<Launch.Extent> grid() {
    return List.of(
        new Launch.Extent(Points.count(reading.rows()), rows, Points.MOST_BLOCKS),
        new Launch.Extent(Points.count(reading.columns()), columns, MOST_Y_OR_Z),
        new Launch.Extent(Points.count(batch()), 1, MOST_Y_OR_Z));
  }

  private List<Axis> batch() {
    return split == null ? reading.batch() : split.batch();
  }

  /** Which axes are what, for the reader. */
  String schedule() {
    return "product" + reading.rows() + "×" + reading.columns() + " over" + reading.nest().reduce();
  }

  /** Each tile that is the block's, in strides of the grid. */
  void each(Runnable tile) {
    strided(
        number,
        "blockIdx.z",
        "gridDim.z",
        1,
        batch(),
        () -> {
          Points.decode(function, number, batch());
          if (split != null) {
            split.bounds(function);
          }
          strided(
              firstColumn,
              "blockIdx.y * " + columns + "u",
              "gridDim.y",
              columns,
              reading.columns(),
              () ->
                  strided(
                      firstRow,
                      "blockIdx.x * " + rows + "u",
                      "gridDim.x",
                      rows,
                      reading.rows(),
                      tile));
        });
  }

  private void strided(
      String variable, String first, String blocks, int size, List<Axis> axes, Runnable body) {
    String step = size == 1 ? blocks : blocks + " * " + size + "u";
    loop(variable, first, bound(axes), step, body);
  }

  /** The steps of the sum, so many at once. */
  void steps(int depth, Runnable body) {
    loop(firstStep, begin(), end(), depth + "u", body);
  }

  private void loop(String variable, String first, String end, String step, Runnable body) {
    out.block(
        "for (unsigned "
            + variable
            + " = "
            + first
            + "; "
            + variable
            + " < "
            + end
            + "; "
            + variable
            + " += "
            + step
            + ")",
        body);
  }

  private String bound(List<Axis> axes) {
    return "(unsigned) " + function.dim(Points.count(axes));
  }

  /** What is done if an element lies in the matrix, with the variables of its axes. */
  void inside(String at, List<Axis> axes, String step, Runnable body) {
    out.open("if ($ < $ && $ < $)", at, bound(axes), step, bound(steps()));
    Points.decode(function, at, axes);
    Points.decode(function, step, steps());
    body.run();
    out.close();
  }

  /** Whether neighbouring steps of the factor lie side by side. */
  boolean runsAlong(Expr factor) {
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

  /**
   * Stores what follows from a finished sum.
   *
   * @param ownRow the row's place in the tile
   * @param ownColumn the column's
   */
  void store(String ownRow, String ownColumn, String sum) {
    String row = function.fresh("row");
    String column = function.fresh("column");
    out.line("const unsigned " + row + " = " + firstRow + " + " + ownRow + ";");
    out.line("const unsigned " + column + " = " + firstColumn + " + " + ownColumn + ";");
    out.open(
        "if ("
            + row
            + " < "
            + bound(reading.rows())
            + " && "
            + column
            + " < "
            + bound(reading.columns())
            + ")");
    Points.decode(function, row, reading.rows());
    Points.decode(function, column, reading.columns());
    if (split == null) {
      stores(sum);
    } else {
      out.line(split.store(function, sum));
    }
    out.close();
  }

  /** Computes all values before the first store, which may go over what another value reads. */
  private void stores(String sum) {
    ExpressionWriter writer = new ExpressionWriter(function, reduced -> sum);
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

  /** The kernel, and the one that joins the parts of its sums. */
  List<Phase> finish(
      List<String> schedule,
      int threads,
      Roofline.Rate rate,
      int elementBytes,
      ProgramWriter program) {
    Launch.Product product =
        new Launch.Product(
            rate,
            Points.count(reading.batch()),
            Points.count(reading.rows()),
            Points.count(reading.columns()),
            Points.count(steps()),
            split == null ? 1 : split.parts(),
            rows,
            columns,
            elementBytes);
    Phase phase = function.finish(reading.nest(), schedule, grid(), threads).of(product);
    return split == null ? List.of(phase) : List.of(phase, split.join(program));
  }
}
