package org.modelc.codegen.cuda.gemm;

import java.util.List;
import org.modelc.codegen.cuda.emit.ExpressionWriter;
import org.modelc.codegen.cuda.emit.KernelFunction;
import org.modelc.codegen.cuda.emit.Phase;
import org.modelc.codegen.cuda.emit.ProgramWriter;
import org.modelc.codegen.cuda.emit.SourceText;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ProductReading;
import org.modelc.runtime.spec.DType;

/**
 * Writes a product of bf16 factors by tensor cores: a block takes 64 × 64 of the result, a warp 16
 * × 32 of these in four fragments. Products of bf16 are exact in f32; their sums are rounded as the
 * hardware does, in an order that depends on the steps' numbers alone.
 *
 * <p>Source: PTX ISA, "Matrix Fragments for mma.m16n8k16 with floating point type": lane / 4 is the
 * group, lane % 4 the place in it.
 */
final class TensorProductWriter {
  /** What mma.m16n8k16 is there from. */
  static final int ARCHITECTURE = 80;

  private static final int ROWS = 64;
  private static final int COLUMNS = 64;
  private static final int THREADS = 256;

  /** Pairs of steps in shared memory at once: two instructions' worth. */
  private static final int PAIRS = 16;

  /** Puts the rows that a warp reads at once into different banks. */
  private static final int WIDTH = PAIRS + 4;

  private static final int PAIRS_OF_FRAGMENT = 8;
  private static final int FRAGMENTS = 4;

  private final ProductReading reading;
  private final KernelFunction function;
  private final SourceText out;
  private final ProductTiles tiles;
  private final String left;
  private final String right;

  private TensorProductWriter(ProductReading reading, ProgramWriter program) {
    this.reading = reading;
    this.function = program.function();
    function.reserve("i", "j", "k", "a", "b", "sums", "group", "place", "warp_row", "warp_column");
    this.out = function.out();
    this.left = function.sharedWords("left", ROWS * WIDTH);
    this.right = function.sharedWords("right", COLUMNS * WIDTH);
    this.tiles = new ProductTiles(reading, function, ROWS, COLUMNS);
  }

  static Phase write(ProductReading reading, ProgramWriter program) {
    return new TensorProductWriter(reading, program).phase();
  }

  private Phase phase() {
    function.prelude().need("mma_m16n8k16_bf16");
    function.prelude().need("paired");
    out.line("const unsigned group = threadIdx.x % 32u / 4u;");
    out.line("const unsigned place = threadIdx.x % 4u;");
    out.line("const unsigned warp_row = threadIdx.x / 32u % 4u * 16u;");
    out.line("const unsigned warp_column = threadIdx.x / 128u * 32u;");
    tiles.each(this::tile);
    List<String> schedule =
        List.of(tiles.schedule(), "tensor cores, m16n8k16 bf16, tiles of 64×64×" + 2 * PAIRS);
    return function.finish(reading.nest(), schedule, tiles.grid(), THREADS);
  }

  private void tile() {
    String initial = ExpressionWriter.value(function, reading.nest().reductions().get(0).initial());
    out.line("float sums[" + FRAGMENTS + "][4];");
    each("i", FRAGMENTS, () -> each("j", 4, () -> out.line("sums[i][j] = " + initial + ";")));
    tiles.steps(
        2 * PAIRS,
        () -> {
          load(left, ROWS, tiles.firstRow(), reading.rows(), reading.left());
          load(right, COLUMNS, tiles.firstColumn(), reading.columns(), reading.right());
          out.line("__syncthreads();");
          each("k", PAIRS / PAIRS_OF_FRAGMENT, this::multiply);
          // The next tiles may not come before all have read these.
          out.line("__syncthreads();");
        });
    each("i", FRAGMENTS, () -> each("j", 4, this::store));
  }

  private void each(String variable, int count, Runnable body) {
    out.line("#pragma unroll");
    String range = variable + " = 0; " + variable + " < " + count + "; " + variable + "++";
    out.block("for (int " + range + ")", body);
  }

  /** Brings a tile of a factor, two steps a word; what lies beyond the matrix is 0. */
  private void load(String shared, int size, String first, List<Axis> axes, Expr factor) {
    String element = function.fresh("element");
    boolean alongSteps = tiles.runsAlong(factor);
    String fast = element + " % " + (alongSteps ? PAIRS : size) + "u";
    String slow = element + " / " + (alongSteps ? PAIRS : size) + "u";
    String own = alongSteps ? slow : fast;
    String pair = alongSteps ? fast : slow;
    out.open(
        "for (unsigned "
            + element
            + " = threadIdx.x; "
            + element
            + " < "
            + size * PAIRS
            + "u; "
            + element
            + " += "
            + THREADS
            + "u)");
    String at = function.fresh("at");
    out.line("const unsigned " + at + " = " + first + " + " + own + ";");
    String low = value(at, axes, "(" + pair + ") * 2u", factor);
    String high = value(at, axes, "(" + pair + ") * 2u + 1u", factor);
    String word = function.prelude().call("paired", low, high);
    out.line(shared + "[(" + own + ") * " + WIDTH + "u + " + pair + "] = " + word + ";");
    out.close();
  }

  private String value(String at, List<Axis> axes, String ownStep, Expr factor) {
    String step = function.fresh("step");
    String value = function.fresh("value");
    out.line("const unsigned " + step + " = " + tiles.firstStep() + " + " + ownStep + ";");
    out.line("float " + value + " = 0;");
    tiles.element(value, at, axes, step, factor);
    return value;
  }

  private void multiply() {
    out.line("unsigned a[4];");
    // Rows group and group + 8, steps 2 place and 2 place + 8.
    each(
        "j",
        4,
        () ->
            out.line(
                "a[j] = "
                    + left
                    + "[(warp_row + group + j % 2 * 8u) * "
                    + WIDTH
                    + "u + k * "
                    + PAIRS_OF_FRAGMENT
                    + "u + place + j / 2 * 4u];"));
    each(
        "i",
        FRAGMENTS,
        () -> {
          out.line("unsigned b[2];");
          each(
              "j",
              2,
              () ->
                  out.line(
                      "b[j] = "
                          + right
                          + "[(warp_column + i * 8u + group) * "
                          + WIDTH
                          + "u + k * "
                          + PAIRS_OF_FRAGMENT
                          + "u + place + j * 4u];"));
          out.line("mma_m16n8k16_bf16(sums[i], a, b, sums[i]);");
        });
  }

  private void store() {
    tiles.store(
        "warp_row + group + j / 2 * 8u", "warp_column + i * 8u + place * 2u + j % 2", "sums[i][j]");
  }

  /** Whether an expression has no value but those of bf16: loads of it, and 0 around them. */
  static boolean isHalf(Expr expr) {
    if (expr instanceof Expr.Load load) {
      return load.buffer().dtype() == DType.BF16;
    } else if (expr instanceof Expr.Select select) {
      return isHalf(select.then()) && isHalf(select.otherwise());
    }
    return expr instanceof Expr.Const constant && constant.value() == 0;
  }
}
