package org.modelc.codegen.cuda.attention;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.cuda.Launch;
import org.modelc.codegen.cuda.emit.ExpressionWriter;
import org.modelc.codegen.cuda.emit.KernelFunction;
import org.modelc.codegen.cuda.emit.Phase;
import org.modelc.codegen.cuda.emit.Points;
import org.modelc.codegen.cuda.emit.ProgramWriter;
import org.modelc.codegen.cuda.emit.SourceText;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.ops.AttentionShape;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Writes the kernels of attention: where a head's tensors lie, and the calls of {@code
 * attention.cu}, which is the same for all shapes. A block takes a tile of queries or keys of one
 * head.
 */
final class AttentionWriter {
  private static final int THREADS = 256;
  private static final int MOST_Y = 65535;

  private final OpKernel kernel;
  private final AttentionShape shape;
  private final KernelFunction function;
  private final SourceText out;
  private final int features;

  AttentionWriter(OpKernel kernel, AttentionShape shape, ProgramWriter program) {
    this.kernel = kernel;
    this.shape = shape;
    this.function = program.function();
    this.out = function.out();
    this.features = (int) Math.max(shape.size(), shape.valueSize());
    function.reserve("number", "batch", "head", "own", "given", "keys", "values", "first");
    function.reserve("weights", "shares", "head_of", "others");
    // The expansion that all backends share; attention.cu calls it by its name.
    ExpressionWriter.value(function, Expr.apply(ScalarOp.EXP, new Expr.Var("x", DType.F32)));
  }

  /** The result. */
  Phase forward() {
    int queries = features <= 64 ? 64 : 32;
    int keys = 32;
    function.prelude().need("attention_forward");
    String own = tile("own", queries, padded(shape.size()));
    String others = tile("others", keys, padded(features));
    String shares = tile("shares", queries, keys + 4);
    Buffer result = kernel.results().get(0);
    each(
        queries,
        shape.queries(),
        () ->
            out.line(
                "attention_forward<$, $, $, $, $>($);",
                queries,
                keys,
                shape.size(),
                shape.valueSize(),
                shape.causal(),
                arguments(
                    rows(shape.q(), shape.queries(), shape.size()),
                    rows(shape.k(), shape.keys(), shape.size()),
                    rows(shape.v(), shape.keys(), shape.valueSize()),
                    written(result, shape.queries(), shape.valueSize()),
                    "first",
                    own,
                    others,
                    shares)));
    return finish("attention", queries, shape.queries(), "keys in blocks of " + keys);
  }

  /** The gradient at the queries; keeps what it learned of their rows. */
  Phase atQueries(Buffer cotangent, Buffer kept) {
    int tile = gradientTile();
    function.prelude().need("attention_gradient");
    List<String> tiles = gradientTiles(tile);
    tiles.add(tile("weights", tile, tile + 4));
    each(
        tile,
        shape.queries(),
        () -> {
          List<String> arguments = operands(cotangent);
          arguments.add(written(kernel.results().get(0), shape.queries(), shape.size()));
          arguments.add(function.writable(kept) + " + number * 3 * " + queries());
          arguments.add("first");
          arguments.addAll(tiles);
          call("attention_gradient_queries", tile, arguments);
        });
    return finish("attention, gradient at queries", tile, shape.queries(), "keys in turn");
  }

  /** The gradients at keys and values. */
  Phase atKeys(Buffer cotangent, Buffer kept) {
    int tile = gradientTile();
    function.prelude().need("attention_gradient");
    List<String> tiles = gradientTiles(tile);
    tiles.add(tile("weights", tile, tile + 4));
    tiles.add(tile("shares", tile, tile + 4));
    each(
        tile,
        shape.keys(),
        () -> {
          List<String> arguments = operands(cotangent);
          arguments.add(function.pointer(kept) + " + number * 3 * " + queries());
          arguments.add(written(kernel.results().get(1), shape.keys(), shape.size()));
          arguments.add(written(kernel.results().get(2), shape.keys(), shape.valueSize()));
          arguments.add("first");
          arguments.addAll(tiles);
          call("attention_gradient_keys", tile, arguments);
        });
    return finish("attention, gradient at keys", tile, shape.keys(), "queries in turn");
  }

  private int gradientTile() {
    return features <= 64 ? 32 : 16;
  }

  private List<String> gradientTiles(int tile) {
    return new ArrayList<>(
        List.of(
            tile("own", tile, padded(shape.size())),
            tile("given", tile, padded(shape.valueSize())),
            tile("keys", tile, padded(shape.size())),
            tile("values", tile, padded(shape.valueSize()))));
  }

  private List<String> operands(Buffer cotangent) {
    return new ArrayList<>(
        List.of(
            rows(shape.q(), shape.queries(), shape.size()),
            rows(shape.k(), shape.keys(), shape.size()),
            rows(shape.v(), shape.keys(), shape.valueSize()),
            rows(cotangent, shape.queries(), shape.valueSize())));
  }

  private void call(String name, int tile, List<String> arguments) {
    String all = arguments(arguments.toArray(String[]::new));
    String sizes = tile + ", " + shape.size() + ", " + shape.valueSize() + ", " + shape.causal();
    out.line("$<$>($);", name, sizes, all);
  }

  private static String arguments(String... each) {
    return "head_of, " + String.join(", ", each);
  }

  /** As {@code padded} of attention.cu. */
  private static int padded(long size) {
    return (int) (size + 15) / 16 * 16 + 4;
  }

  /** A tile in shared memory, read in pieces of 16 bytes. */
  private String tile(String name, int rows, int width) {
    return function.sharedAligned(name, DType.F32, rows * width);
  }

  private String queries() {
    return function.dim(shape.queries());
  }

  private Dim heads() {
    return shape.batches().times(Dim.constant(shape.heads()));
  }

  /** Each tile that is the block's, in strides of the grid. */
  private void each(int tile, Dim rows, Runnable body) {
    String count = function.dim(heads());
    out.open("for (int number = (int) blockIdx.y; number < $; number += (int) gridDim.y)", count);
    out.line("const int batch = number / $, head = number % $;", shape.heads(), shape.heads());
    head();
    out.open(
        "for (int first = (int) blockIdx.x * $; first < $; first += (int) gridDim.x * $)",
        tile,
        function.dim(rows),
        tile);
    body.run();
    // The next tile may not come before all have read this one.
    out.line("__syncthreads();");
    out.close();
    out.close();
  }

  private void head() {
    String mask = shape.mask() == null ? "0" : mask();
    out.line(
        "const AttentionHead head_of = {$, $, $, $, $f, $, $};",
        shape.heads() * shape.size(),
        shape.heads() * shape.valueSize(),
        queries(),
        function.dim(shape.keys()),
        Float.toString((float) shape.scale()),
        mask,
        shape.mask() == null ? "0, 0" : maskStride(1) + ", " + maskStride(0));
  }

  /** Where the mask of a batch begins. */
  private String mask() {
    List<Dim> axes = shape.maskShape();
    List<Axis> batch = new ArrayList<>();
    for (int i = 0; i < shape.batch().size(); i++) {
      batch.add(new Axis("batch_axis" + i, shape.batch().get(i)));
    }
    Points.decode(function, "(unsigned) batch", batch);
    List<String> terms = new ArrayList<>(List.of(function.pointer(shape.mask())));
    Dim stride = axes.get(batch.size()).times(axes.get(batch.size() + 1));
    for (int i = batch.size() - 1; i >= 0; i--) {
      if (!axes.get(i).is(1)) {
        terms.add(function.variable(batch.get(i).name()) + " * " + function.dim(stride));
      }
      stride = stride.times(axes.get(i));
    }
    return String.join(" + ", terms);
  }

  /**
   * Elements of the mask from one query or key to the next; 0 where all see the same.
   *
   * @param fromLast 0 for keys, 1 for queries
   */
  private String maskStride(int fromLast) {
    List<Dim> axes = shape.maskShape();
    boolean isSpread = axes.get(axes.size() - 1 - fromLast).is(1);
    Dim stride = fromLast == 0 ? Dim.ONE : axes.get(axes.size() - 1);
    return isSpread ? "0" : function.dim(stride);
  }

  private String rows(Buffer buffer, Dim rows, long size) {
    return function.pointer(buffer) + place(rows, size);
  }

  private String written(Buffer buffer, Dim rows, long size) {
    return function.writable(buffer) + place(rows, size);
  }

  /** A head's first row in a tensor {@code [batch…, rows, heads·size]}. */
  private String place(Dim rows, long size) {
    String batch = function.dim(rows.times(Dim.constant(shape.heads() * size)));
    return " + batch * " + batch + " + head * " + size;
  }

  private Phase finish(String what, int tile, Dim rows, String turns) {
    List<Launch.Extent> grid =
        List.of(
            new Launch.Extent(rows, tile, Points.MOST_BLOCKS),
            new Launch.Extent(heads(), 1, MOST_Y),
            Launch.Extent.ONE);
    String schedule = what + ": a block " + tile + " rows of a head, " + turns;
    return function.finish(kernel, List.of(schedule), grid, THREADS);
  }
}
