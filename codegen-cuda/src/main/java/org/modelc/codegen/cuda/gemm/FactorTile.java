package org.modelc.codegen.cuda.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.cuda.emit.CudaTypes;
import org.modelc.codegen.cuda.emit.ExpressionWriter;
import org.modelc.codegen.cuda.emit.KernelFunction;
import org.modelc.codegen.cuda.emit.SourceText;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * A factor's tile in shared memory: words of neighbouring steps, in an order in which the lanes of
 * a fragment find theirs in different banks. Elements that lie in memory as the tile wants them are
 * copied without a thread's doing, 16 bytes at once where rows allow it; others are computed.
 */
final class FactorTile {
  /** Bytes of the widest copy. */
  private static final int CHUNK = 16;

  private final ProductTiles tiles;
  private final KernelFunction function;
  private final SourceText out;
  private final MatrixUnit unit;
  private final List<Axis> axes;
  private final Expr element;
  private final String first;
  private final int size;
  private final int stages;
  private final String shared;
  private final boolean alongSteps;

  /**
   * @param axes of the rows, or of the columns
   * @param factor its element at a row and a step
   * @param first the tile's first row
   * @param size rows of the tile
   */
  FactorTile(
      ProductTiles tiles,
      KernelFunction function,
      MatrixUnit unit,
      List<Axis> axes,
      Expr factor,
      String first,
      int size,
      int stages) {
    this.tiles = tiles;
    this.function = function;
    this.out = function.out();
    this.unit = unit;
    this.axes = axes;
    this.element = unit.element(factor);
    this.first = first;
    this.size = size;
    this.stages = stages;
    this.shared =
        function.sharedWords(
            first.equals(tiles.firstRow()) ? "left" : "right", stages * size * TensorTile.WORDS);
    this.alongSteps = unit.perWord() > 1 || tiles.runsAlong(factor);
    function.prelude().need(alongSteps ? "along_steps" : "along_rows");
  }

  /** A word of a stage: of a row, at a place of {@link TensorTile#WORDS}. */
  String word(String stage, String row, String place) {
    String within = stages == 1 ? "" : stage + " * " + size * TensorTile.WORDS + "u + ";
    return shared + "[" + within + place(row, place) + "]";
  }

  private String place(String row, String place) {
    String call = alongSteps ? "along_steps(" : "along_rows<" + size + ">(";
    return call + row + ", " + place + ")";
  }

  /** How elements come, for the reader. */
  String title() {
    return chunked() ? "16 bytes a copy" : copied() != null ? "4 bytes a copy" : "computed";
  }

  /** Begins to bring a stage; what lies beyond the matrix is 0. */
  void load(String stage) {
    if (chunked()) {
      copyChunks(stage);
    } else if (copied() != null) {
      eachWord((own, word) -> copyWord(stage, own, word));
    } else {
      eachWord((own, word) -> compute(stage, own, word));
    }
  }

  // Copies of 16 bytes.

  /** Whether 16 bytes along the tile's rows lie in one piece and aligned in memory. */
  private boolean chunked() {
    if (!(element instanceof Expr.Load load) || load.buffer().dtype() != unit.stored()) {
      return false;
    }
    AffineIndex flat = AffineIndex.flat(load.buffer(), load.index());
    List<Axis> along = alongSteps ? tiles.steps() : axes;
    Axis last = along.get(along.size() - 1);
    int elements = CHUNK / unit.stored().bytes();
    return flat != null
        && flat.coefficient(last.name()).is(1)
        && isMultiple(last.extent(), elements)
        && isMultiple(flat.offset(), elements)
        && flat.coefficients().entrySet().stream()
            .allMatch(
                term -> term.getKey().equals(last.name()) || isMultiple(term.getValue(), elements));
  }

  private static boolean isMultiple(Dim dim, int of) {
    return dim.terms().values().stream().allMatch(coefficient -> coefficient % of == 0);
  }

  private void copyChunks(String stage) {
    int perLine = (alongSteps ? TensorTile.WORDS : size) / 4;
    String chunk = function.fresh("chunk");
    String line = function.fresh("line");
    String place = function.fresh("place_in_line");
    loop(chunk, size * TensorTile.WORDS / 4);
    out.line("const unsigned " + line + " = " + chunk + " / " + perLine + "u;");
    out.line("const unsigned " + place + " = " + chunk + " % " + perLine + "u * 4u;");
    String own = alongSteps ? line : place;
    String word = alongSteps ? place : line;
    copy((Expr.Load) element, null, own, word, CHUNK, "&" + word(stage, own, word));
    out.close();
  }

  // Copies of an element.

  /** The load that is all there is to an element, within a condition perhaps; else null. */
  private Expr.Load copied() {
    Expr inner = element;
    if (element instanceof Expr.Select select
        && select.otherwise() instanceof Expr.Const constant
        && Double.doubleToRawLongBits(constant.value()) == 0) {
      inner = select.then();
    }
    return inner instanceof Expr.Load load && load.buffer().dtype() == DType.F32 ? load : null;
  }

  private void copyWord(String stage, String own, String word) {
    Expr condition = element instanceof Expr.Select select ? select.condition() : null;
    copy(copied(), condition, own, word, Integer.BYTES, "&" + word(stage, own, word));
  }

  private void copy(
      Expr.Load load, Expr condition, String own, String word, int bytes, String target) {
    String from = function.fresh("from");
    String count = function.fresh("bytes");
    String type = CudaTypes.storage(load.buffer().dtype());
    out.line("const " + type + "* " + from + " = " + function.pointer(load.buffer()) + ";");
    out.line("int " + count + " = 0;");
    inside(
        own,
        word + (unit.perWord() == 1 ? "" : " * " + unit.perWord() + "u"),
        () -> {
          if (condition != null) {
            out.open("if (" + ExpressionWriter.value(function, condition) + ")");
          }
          String index = new ExpressionWriter(function).index(load.buffer(), load.index());
          out.line(from + " += " + index + ";");
          out.line(count + " = " + bytes + ";");
          if (condition != null) {
            out.close();
          }
        });
    out.line(function.prelude().call("cp_async_" + bytes, target, from, count) + ";");
  }

  // Elements that threads compute.

  private void compute(String stage, String own, String word) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < unit.perWord(); i++) {
      String value = function.fresh("value");
      values.add(value);
      out.line(CudaTypes.value(element.dtype()) + " " + value + " = 0;");
      String step = unit.perWord() == 1 ? word : word + " * " + unit.perWord() + "u + " + i + "u";
      inside(
          own,
          step,
          () -> out.line(value + " = " + ExpressionWriter.value(function, element) + ";"));
    }
    String packed = pack(values);
    out.line(word(stage, own, word) + " = " + packed + ";");
  }

  private String pack(List<String> values) {
    String[] parts = values.toArray(String[]::new);
    return switch (unit) {
      case SINGLES -> "(unsigned) " + function.prelude().call("bits", parts);
      case F16, BF16 -> function.prelude().call("paired_" + unit.stored(), parts);
      case BYTES -> function.prelude().call("packed", parts);
    };
  }

  private interface Word {
    void write(String own, String word);
  }

  /** Neighbouring threads take what lies side by side in memory. */
  private void eachWord(Word body) {
    int fast = alongSteps && tiles.runsAlong(element) ? TensorTile.WORDS : size;
    String number = function.fresh("word");
    String own = function.fresh("own");
    String place = function.fresh("own_word");
    String quick = number + " % " + fast + "u";
    String slow = number + " / " + fast + "u";
    boolean stepsFirst = fast == TensorTile.WORDS;
    loop(number, size * TensorTile.WORDS);
    out.line("const unsigned " + own + " = " + (stepsFirst ? slow : quick) + ";");
    out.line("const unsigned " + place + " = " + (stepsFirst ? quick : slow) + ";");
    body.write(own, place);
    out.close();
  }

  private void loop(String variable, int count) {
    out.line("#pragma unroll");
    out.open(
        "for (unsigned "
            + variable
            + " = threadIdx.x; "
            + variable
            + " < "
            + count
            + "u; "
            + variable
            + " += "
            + TensorTile.THREADS
            + "u)");
  }

  private void inside(String own, String ownStep, Runnable body) {
    String at = function.fresh("at");
    String step = function.fresh("step");
    out.open("");
    out.line("const unsigned " + at + " = " + first + " + " + own + ";");
    out.line("const unsigned " + step + " = " + tiles.firstStep() + " + " + ownStep + ";");
    tiles.inside(at, axes, step, body);
    out.close();
  }
}
