package org.modelc.codegen.cuda.gemm;

import java.util.List;
import org.modelc.codegen.cuda.emit.CudaTypes;
import org.modelc.codegen.cuda.emit.ExpressionWriter;
import org.modelc.codegen.cuda.emit.KernelFunction;
import org.modelc.codegen.cuda.emit.Phase;
import org.modelc.codegen.cuda.emit.ProgramWriter;
import org.modelc.codegen.cuda.emit.SourceText;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.ProductReading;

/**
 * Writes a product by tensor cores: stages of both factors come by asynchronous copies while the
 * stage before is multiplied; a barrier a stage. Sums are rounded as the hardware does, in an order
 * that depends on the steps' numbers alone.
 *
 * <p>A product of f32 is made of three: with a = A + α and b = B + β, of 11 bits each, AB + Aβ + αB
 * lacks αβ and the last places of α and β, together less than 3·2⁻²² |ab|.
 *
 * <p>Source: PTX ISA, "Matrix Fragments for mma.m16n8k8": lane / 4 is the group, lane % 4 the place
 * in it; in words all shapes that {@link MatrixUnit} has are alike.
 */
final class TensorProductWriter {
  /** Words of steps that an instruction takes. */
  private static final int INSTRUCTION_WORDS = 8;

  private final MatrixUnit unit;
  private final TensorTile tile;
  private final KernelFunction function;
  private final SourceText out;
  private final ProductReading reading;
  private final ProductTiles tiles;
  private final FactorTile left;
  private final FactorTile right;

  private TensorProductWriter(
      ProductReading reading, MatrixUnit unit, TensorTile tile, int splits, ProgramWriter program) {
    this.reading = reading;
    this.unit = unit;
    this.tile = tile;
    this.function = program.function();
    function.reserve("i", "n", "j", "k", "a", "b", "sums", "group", "place", "turn", "stage");
    function.reserve("warp_row", "warp_column", "big_a", "small_a", "big_b", "small_b");
    this.out = function.out();
    this.tiles = new ProductTiles(reading, function, tile.rows(), tile.columns(), splits, program);
    this.left =
        new FactorTile(
            tiles,
            function,
            unit,
            reading.rows(),
            reading.left(),
            tiles.firstRow(),
            tile.rows(),
            tile.stages());
    this.right =
        new FactorTile(
            tiles,
            function,
            unit,
            reading.columns(),
            reading.right(),
            tiles.firstColumn(),
            tile.columns(),
            tile.stages());
  }

  /**
   * @param splits parts that the steps are cut into, each with blocks of its own
   */
  static List<Phase> write(
      ProductReading reading, MatrixUnit unit, TensorTile tile, int splits, ProgramWriter program) {
    return new TensorProductWriter(reading, unit, tile, splits, program).phases(program);
  }

  private List<Phase> phases(ProgramWriter program) {
    function.prelude().need(unit.instruction());
    function.prelude().need("cp_async");
    int along = tile.warpsAlongRows();
    out.line("const unsigned group = threadIdx.x % 32u / 4u;");
    out.line("const unsigned place = threadIdx.x % 4u;");
    out.line("const unsigned warp_row = threadIdx.x / 32u % $u * $u;", along, tile.warpRows());
    out.line("const unsigned warp_column = threadIdx.x / $u * $u;", along * 32, tile.warpColumns());
    tiles.each(this::tile);
    String title = "tensor cores, " + unit.title() + ", tiles of " + tile;
    String copies = tile.stages() + " stages, left " + left.title() + ", right " + right.title();
    List<String> schedule = List.of(tiles.schedule(), title, copies);
    int bytes = unit.stored().bytes();
    return tiles.finish(schedule, TensorTile.THREADS, unit.rate(), bytes, program);
  }

  private int rowFragments() {
    return tile.warpRows() / 16;
  }

  private int columnFragments() {
    return tile.warpColumns() / 8;
  }

  private void tile() {
    LoopNest.Reduction reduction = reading.nest().reductions().get(0);
    String type = CudaTypes.value(reduction.dtype());
    String initial = tiles.isSplit() ? "0" : ExpressionWriter.value(function, reduction.initial());
    out.line("$ sums[$][$][4];", type, rowFragments(), columnFragments());
    eachSum(() -> out.line("sums[i][n][j] = " + initial + ";"));
    int ahead = tile.stages() - 1;
    String turns = function.fresh("turns");
    String first = tiles.firstStep();
    int depth = TensorTile.WORDS * unit.perWord();
    out.line("unsigned $ = $;", first, tiles.begin());
    out.line("const unsigned $ = ($ - $ + $u) / $u;", turns, tiles.end(), first, depth - 1, depth);
    out.open("for (unsigned turn = 0; turn < $ + $u; turn++)", turns, ahead);
    out.open("if (turn >= $u)", ahead);
    out.line("cp_async_wait<$>();", ahead - 1);
    // Also, all have read the stage that is brought next.
    out.line("__syncthreads();");
    out.close();
    out.open("if (turn < $)", turns);
    out.line("const unsigned stage = turn % $u;", tile.stages());
    left.load("stage");
    right.load("stage");
    out.line("$ += $u;", first, depth);
    out.close();
    out.line("cp_async_commit();");
    out.open("if (turn >= $u)", ahead);
    out.line("const unsigned stage = (turn - $u) % $u;", ahead, tile.stages());
    each("k", TensorTile.WORDS / INSTRUCTION_WORDS, this::multiply);
    out.close();
    out.close();
    // The next tile may not come before all have read this one's last stage.
    out.line("__syncthreads();");
    eachSum(this::store);
  }

  private void eachSum(Runnable body) {
    each("i", rowFragments(), () -> each("n", columnFragments(), () -> each("j", 4, body)));
  }

  private void each(String variable, int count, Runnable body) {
    out.line("#pragma unroll");
    String range = variable + " = 0; " + variable + " < " + count + "; " + variable + "++";
    out.block("for (int " + range + ")", body);
  }

  private void multiply() {
    boolean isSingle = unit == MatrixUnit.SINGLES;
    int count = rowFragments();
    if (isSingle) {
      out.line("unsigned big_a[$][4], small_a[$][4];", count, count);
    } else {
      out.line("unsigned a[$][4];", count);
    }
    String row = "warp_row + i * 16u + group + j % 2 * 8u";
    String word = "k * 8u + place + j / 2 * 4u";
    each(
        "i",
        count,
        () -> each("j", 4, () -> read(left.word("stage", row, word), "a[i][j]", isSingle)));
    each("n", columnFragments(), () -> column(isSingle));
  }

  private void column(boolean isSingle) {
    out.line(isSingle ? "unsigned big_b[2], small_b[2];" : "unsigned b[2];");
    String word = right.word("stage", "warp_column + n * 8u + group", "k * 8u + place + j * 4u");
    each("j", 2, () -> read(word, "b[j]", isSingle));
    each("i", rowFragments(), () -> product(isSingle));
  }

  private void read(String word, String fragment, boolean isSingle) {
    if (isSingle) {
      String split =
          function.prelude().call("split_single", word, "big_" + fragment, "small_" + fragment);
      out.line(split + ";");
    } else {
      out.line(fragment + " = " + word + ";");
    }
  }

  /** Small products first, which keeps more of them. */
  private void product(boolean isSingle) {
    if (isSingle) {
      out.line("$(sums[i][n], small_a[i], big_b, sums[i][n]);", unit.instruction());
      out.line("$(sums[i][n], big_a[i], small_b, sums[i][n]);", unit.instruction());
      out.line("$(sums[i][n], big_a[i], big_b, sums[i][n]);", unit.instruction());
    } else {
      out.line("$(sums[i][n], a[i], b, sums[i][n]);", unit.instruction());
    }
  }

  private void store() {
    tiles.store(
        "warp_row + i * 16u + group + j / 2 * 8u",
        "warp_column + n * 8u + place * 2u + j % 2",
        "sums[i][n][j]");
  }
}
