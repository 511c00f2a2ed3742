package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.Operand;
import org.modelc.runtime.spec.DType;

/**
 * Ways to multiply with integers of few bits and to add up some steps of the depth at once. None
 * that adds integers saturates: {@code pmaddubsw}, which could, gets no products so large.
 */
enum IntegerArithmetic {
  /**
   * VNNI's {@code vpdpbusd}: four bytes, the right ones unsigned: weights, 128 larger than they
   * are. Packed rows begin with what that adds to their sums.
   */
  QUADS(DType.I8, 4, 4, 1),
  /**
   * The same for weights of four bits, 8 larger than they are: the even steps in the low halves of
   * bytes, the odd ones, which count sixteenfold, in the high halves.
   */
  QUADS_BY_NIBBLES(DType.I8, 8, 4, 1),
  /** The same for weights on the left; the one who asks adds 128 and takes off what that adds. */
  TURNED_QUADS(DType.I8, 4, 4, 1),
  /**
   * AMX's {@code tdpbssd}: four bytes, signed ones, of sixteen groups of steps at once. Tiles read
   * the layout of the others; {@link TileKernel} multiplies them.
   */
  TILES(DType.I8, 4, 4, 1),
  /** {@code pmaddwd}: two bytes, widened to i16; the left factor is, while it is packed. */
  PAIRS(DType.I8, 2, 2, 2),
  /** AArch64's {@code smull} and {@code sadalp}: two bytes. */
  LONG_PAIRS(DType.I8, 2, 2, 1),
  /** Floats with bytes, which are made floats in registers. */
  BYTES(DType.F32, 1, 1, 4),
  /** Floats with integers of four bits, eight steps to four bytes; the first in the lowest bits. */
  NIBBLES(DType.F32, 8, 4, 4),
  /** The same with unsigned ones, of which 8 is taken off by turning their highest bits. */
  UNSIGNED_NIBBLES(DType.F32, 8, 4, 4),
  /** Floats as {@link Digits} with unsigned bytes, by {@code vpdpbusd}. */
  DIGITS(DType.F32, 4, 4, 4),
  /** The same with unsigned integers of four bits, the even steps in the low halves of bytes. */
  DIGITS_BY_NIBBLES(DType.F32, 8, 4, 4),
  /** The same without VNNI: sums of i16, of which some become i32 ({@link ShortSums}). */
  DIGITS_IN_SHORTS(DType.F32, 8, 4, 4);

  private static final int MOST_LANES = 16;

  /** Steps of bytes that an instruction adds to a sum. */
  private static final int QUAD = 4;

  private static final int HALF_BITS = 4;

  private static final int MANY_REGISTERS = 32;

  /** Rows that {@link #ofManyRows} is not for. */
  static final int FEW_ROWS = 3;

  /** Steps whose sum an i32 holds, whatever the bytes: 255 × 128 each. */
  private static final long LONGEST_SUM = 65_793;

  /** What the left factor's elements are. */
  final DType left;

  /** Steps that lie together. */
  final int steps;

  /** Bytes of these steps of one column. */
  final int rightBytes;

  /** Bytes of an element of the packed left factor. */
  final int leftBytes;

  /** What is added to weights that are multiplied unsigned. */
  static final int OFFSET = 128;

  private static final int NIBBLE_OFFSETS = 0x88888888;

  /** Of so many rows one has its elements loaded once, so that loads do not hold up the others. */
  private static final int LOADED_ROW = 4;

  IntegerArithmetic(DType left, int steps, int rightBytes, int leftBytes) {
    this.left = left;
    this.steps = steps;
    this.rightBytes = rightBytes;
    this.leftBytes = leftBytes;
  }

  /** The best for bytes without an offset, which only weights can make up for. */
  static IntegerArithmetic plain(IsaLevel level) {
    return level == IsaLevel.NEON ? LONG_PAIRS : PAIRS;
  }

  /**
   * The best for so many steps of bytes with weights that are packed beforehand: bytes, or integers
   * of four bits, which become bytes where nothing reads halves of them.
   */
  static IntegerArithmetic ofWeights(IsaLevel level, boolean nibbles, long depth) {
    boolean fills = 2 * depth > TileKernel.DEPTH;
    if (level.hasTiles() && fills) {
      return TILES;
    }
    return !level.hasDotProducts() ? plain(level) : nibbles ? QUADS_BY_NIBBLES : QUADS;
  }

  /** The best for so many steps of floats with bytes, or with integers of four bits. */
  static IntegerArithmetic ofFloats(IsaLevel level, boolean nibbles, long depth) {
    boolean fits = depth <= LONGEST_SUM;
    if (fits && level.hasDotProducts()) {
      return nibbles ? DIGITS_BY_NIBBLES : DIGITS;
    }
    return !nibbles ? BYTES : fits && level.hasBytePairs() ? DIGITS_IN_SHORTS : NIBBLES;
  }

  /**
   * What multiplies more than {@link #FEW_ROWS} rows with the same panels: where registers are few,
   * digits of a row are not multiplied while weights are there for another, and floats are.
   */
  IntegerArithmetic ofManyRows(IsaLevel level) {
    return this == DIGITS_IN_SHORTS && level.registers() < MANY_REGISTERS ? UNSIGNED_NIBBLES : this;
  }

  /** Whether tiles are multiplied, of which there are whole ones only. */
  boolean hasTiles() {
    return this == TILES;
  }

  /** Whether the left factor's floats become digits. */
  boolean hasDigits() {
    return digits() != null;
  }

  /** How digits meet the right factor's bytes; null if there are none. */
  Digits.Way digits() {
    return switch (this) {
      case DIGITS -> Digits.Way.BYTES;
      case DIGITS_BY_NIBBLES -> Digits.Way.SHARED_HALVES;
      case DIGITS_IN_SHORTS -> Digits.Way.HALVES;
      case QUADS, QUADS_BY_NIBBLES, TURNED_QUADS, TILES, PAIRS, LONG_PAIRS -> null;
      case BYTES, NIBBLES, UNSIGNED_NIBBLES -> null;
    };
  }

  /** Groups of steps that are multiplied before sums of 32 bits are added to. */
  int groupsTogether() {
    return this == DIGITS_IN_SHORTS ? ShortSums.GROUPS : 1;
  }

  /** Whether the right factor's bytes hold two steps each. */
  boolean hasNibbles() {
    return switch (this) {
      case NIBBLES, UNSIGNED_NIBBLES, DIGITS_BY_NIBBLES, DIGITS_IN_SHORTS -> true;
      case QUADS_BY_NIBBLES -> true;
      case QUADS, TURNED_QUADS, TILES, PAIRS, LONG_PAIRS, BYTES, DIGITS -> false;
    };
  }

  /**
   * Whether the left factor's steps are packed so that those that meet low halves of bytes lie
   * together, and those that meet high ones.
   */
  boolean partsHalves() {
    return this == QUADS_BY_NIBBLES;
  }

  /** Sums that are kept for each of the product's. */
  int sumsOfEach() {
    return hasDigits() ? digits().sums : partsHalves() ? 2 : 1;
  }

  /** Bytes before the elements of a packed row of the left factor. */
  int header() {
    return hasDigits() || hasCorrection() ? Digits.HEADER : 0;
  }

  /** Whether a packed row begins with what makes up for unsigned weights. */
  boolean hasCorrection() {
    return this == QUADS || this == QUADS_BY_NIBBLES;
  }

  /** Whether panels hold weights as unsigned integers. */
  boolean hasUnsignedWeights() {
    return hasDigits() || hasCorrection() || this == UNSIGNED_NIBBLES;
  }

  /** Whether nibbles are made floats. */
  private boolean widensNibbles() {
    return this == NIBBLES || this == UNSIGNED_NIBBLES;
  }

  /**
   * Whether an instruction takes the steps of a row from memory. For that each vector of a row has
   * a pointer of its own, since LLVM would load what it knows to be one element once for all.
   */
  boolean readsElements() {
    return this == QUADS || this == TURNED_QUADS;
  }

  /** LLVM's type of a sum that is kept. */
  String sum() {
    return left == DType.F32 && !hasDigits() ? "float" : "i32";
  }

  /** LLVM's type of an element of the packed left factor. */
  String leftElement() {
    return left == DType.F32 ? "float" : leftBytes == 1 ? "i8" : "i16";
  }

  /**
   * Adds the products of the steps that lie together, for all rows and vectors of a tile.
   *
   * @param rows where the steps of each row of the left factor are, for each vector or for all
   * @param groups where the steps of each vector's columns are, of one group or of {@link
   *     #groupsTogether}
   * @param sums of each row's vectors, {@link #sumsOfEach} for each; they are replaced
   */
  void multiply(
      FunctionWriter out,
      List<List<Operand>> rows,
      List<List<Operand>> groups,
      int lanes,
      Operand[] sums) {
    if (this == DIGITS_IN_SHORTS) {
      new ShortSums(out, lanes).multiply(rows.get(0), groups, sums);
      return;
    }
    List<Operand> loaded = groups.get(0).stream().map(at -> loaded(out, at, lanes)).toList();
    if (hasDigits()) {
      Digits.multiply(out, digits(), rows.get(0), loaded, sums);
      return;
    }
    int rounds = widensNibbles() ? steps : partsHalves() ? 2 : 1;
    for (int step = 0; step < rounds; step++) {
      List<Operand> right = new ArrayList<>();
      for (Operand each : loaded) {
        right.add(right(out, each, step, lanes));
      }
      Operand on = Operand.i64((long) step * stepsOfRound() * leftBytes);
      for (int row = 0; row < rows.get(0).size(); row++) {
        Operand left = left(out, out.address("i8", rows.get(0).get(row), on), lanes);
        for (int vector = 0; vector < right.size(); vector++) {
          if (vector > 0 && vector < rows.size() && row % LOADED_ROW != 0) {
            left = left(out, out.address("i8", rows.get(vector).get(row), on), lanes);
          }
          int at = (row * right.size() + vector) * sumsOfEach() + step % sumsOfEach();
          sums[at] = add(out, sums[at], left, right.get(vector));
        }
      }
    }
  }

  /** Steps that are multiplied at a time. */
  private int stepsOfRound() {
    return widensNibbles() ? 1 : partsHalves() ? QUAD : steps;
  }

  /** The steps of one row, for all lanes. */
  private Operand left(FunctionWriter out, Operand place, int lanes) {
    String together = left == DType.F32 ? "float" : "i" + stepsOfRound() * leftBytes * 8;
    Operand spread = out.splat(out.load(together, place), lanes);
    return switch (this) {
      case QUADS, QUADS_BY_NIBBLES, TURNED_QUADS, BYTES, NIBBLES, UNSIGNED_NIBBLES -> spread;
      case TILES, DIGITS, DIGITS_BY_NIBBLES, DIGITS_IN_SHORTS -> throw multipliedElsewhere();
      case PAIRS -> out.convert("bitcast", spread, LlvmTypes.vector("i16", 2 * lanes));
      case LONG_PAIRS -> widened(out, out.convert("bitcast", spread, bytes(lanes)));
    };
  }

  private Operand loaded(FunctionWriter out, Operand place, int lanes) {
    if (!hasNibbles() && !hasDigits()) {
      return out.load(bytes(lanes), place);
    }
    Operand loaded = out.load(LlvmTypes.vector("i32", lanes), place);
    Operand offsets = Operand.i32(NIBBLE_OFFSETS).splatConstant(lanes);
    return this == UNSIGNED_NIBBLES ? out.binary("xor", loaded, offsets) : loaded;
  }

  /** The steps of as many columns as there are lanes; of nibbles, those of a round. */
  private Operand right(FunctionWriter out, Operand loaded, int step, int lanes) {
    return switch (this) {
      case QUADS, TURNED_QUADS -> out.convert("bitcast", loaded, LlvmTypes.vector("i32", lanes));
      case QUADS_BY_NIBBLES -> Digits.half(out, loaded, step);
      case PAIRS, LONG_PAIRS -> widened(out, loaded);
      case BYTES -> {
        Operand wide = out.convert("sext", loaded, LlvmTypes.vector("i32", lanes));
        yield out.convert("sitofp", wide, LlvmTypes.vector("float", lanes));
      }
      case NIBBLES, UNSIGNED_NIBBLES -> nibble(out, loaded, step, lanes);
      case TILES, DIGITS, DIGITS_BY_NIBBLES, DIGITS_IN_SHORTS -> throw multipliedElsewhere();
    };
  }

  private static IllegalStateException multipliedElsewhere() {
    return new IllegalStateException(
        "products of tiles are TileKernel's, of digits those classes'");
  }

  private String bytes(int lanes) {
    return LlvmTypes.vector("i8", steps * lanes);
  }

  private static Operand widened(FunctionWriter out, Operand bytes) {
    return out.convert("sext", bytes, LlvmTypes.vector("i16", bytes.lanes()));
  }

  private static Operand nibble(FunctionWriter out, Operand loaded, int step, int lanes) {
    if (lanes == MOST_LANES) {
      // The permutation looks at the lowest four bits of a lane alone.
      Operand places = shifted(out, "lshr", loaded, 4 * step);
      String type = LlvmTypes.vector("float", lanes);
      List<Operand> operands = List.of(values(lanes), places);
      return intrinsic(out, "llvm.x86.avx512.permvar.sf.512", type, operands);
    }
    Operand high = shifted(out, "shl", loaded, 28 - 4 * step);
    Operand wide = shifted(out, "ashr", high, 28);
    return out.convert("sitofp", wide, LlvmTypes.vector("float", lanes));
  }

  private static Operand shifted(FunctionWriter out, String opcode, Operand value, int bits) {
    Operand count = Operand.i32(bits).splatConstant(value.lanes());
    return bits == 0 ? value : out.binary(opcode, value, count);
  }

  /** What the integers of four bits stand for, in the order of their bits. */
  private static Operand values(int lanes) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < lanes; i++) {
      values.add(Operand.number("float", i < lanes / 2 ? i : i - lanes).toString());
    }
    return new Operand(LlvmTypes.vector("float", lanes), "<" + String.join(", ", values) + ">");
  }

  /**
   * What bytes' sums come to.
   *
   * @param row where the packed row is
   * @param own the {@link #sumsOfEach} of the row and a vector
   */
  Operand joined(FunctionWriter out, Operand row, List<Operand> own) {
    if (hasDigits()) {
      return Digits.joined(out, digits(), row, own);
    }
    Operand sum = own.get(0);
    if (own.size() > 1) {
      sum = out.add(sum, shifted(out, "ashr", own.get(1), HALF_BITS));
    }
    return hasCorrection() ? out.add(sum, out.splat(out.load("i32", row), sum.lanes())) : sum;
  }

  private Operand add(FunctionWriter out, Operand sums, Operand left, Operand right) {
    int lanes = sums.lanes();
    return switch (this) {
      case QUADS, QUADS_BY_NIBBLES, TURNED_QUADS -> dot(out, sums, right, left);
      case PAIRS -> out.add(sums, intrinsic(out, pairs(lanes), sums.type(), List.of(left, right)));
      case LONG_PAIRS -> {
        List<Operand> products = List.of(out.multiply(left, right));
        String join = "llvm.aarch64.neon.saddlp.v4i32.v8i16";
        yield out.add(sums, intrinsic(out, join, sums.type(), products));
      }
      case BYTES, NIBBLES, UNSIGNED_NIBBLES -> out.multiplyAdd(left, right, sums);
      case TILES, DIGITS, DIGITS_BY_NIBBLES, DIGITS_IN_SHORTS -> throw multipliedElsewhere();
    };
  }

  /** Adds four products of bytes a lane. */
  static Operand dot(FunctionWriter out, Operand sums, Operand unsigned, Operand signed) {
    List<Operand> operands = List.of(sums, unsigned, signed);
    return intrinsic(out, "llvm.x86.avx512.vpdpbusd.512", sums.type(), operands);
  }

  /** Eight floats or sixteen as the nearest integers; those that have none become the least. */
  static Operand nearest(FunctionWriter out, Operand floats) {
    String type = LlvmTypes.vector("i32", floats.lanes());
    if (floats.lanes() < MOST_LANES) {
      return intrinsic(out, "llvm.x86.avx.cvt.ps2dq.256", type, List.of(floats));
    }
    Operand every = Operand.integer("i16", -1);
    Operand asUsual = Operand.i32(4);
    List<Operand> operands = List.of(floats, Operand.zero(type), every, asUsual);
    return intrinsic(out, "llvm.x86.avx512.mask.cvtps2dq.512", type, operands);
  }

  /** What adds pairs of products of i16. */
  static String pairs(int lanes) {
    return lanes == MOST_LANES
        ? "llvm.x86.avx512.pmaddw.d.512"
        : lanes == 8 ? "llvm.x86.avx2.pmadd.wd" : "llvm.x86.sse2.pmadd.wd";
  }

  static Operand intrinsic(FunctionWriter out, String name, String type, List<Operand> operands) {
    String types = String.join(", ", operands.stream().map(Operand::type).toList());
    out.module().declare(name, type + " @" + name + "(" + types + ")");
    return out.call(type, name, operands.toArray(Operand[]::new));
  }
}
