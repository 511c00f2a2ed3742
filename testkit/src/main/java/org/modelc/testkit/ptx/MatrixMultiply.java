package org.modelc.testkit.ptx;

import java.util.List;
import java.util.function.IntBinaryOperator;

/**
 * mma.sync and ldmatrix. Source: PTX ISA, "Warp-Level Matrix Instructions". Products are summed
 * exactly and rounded once; the ISA leaves order and rounding open.
 */
final class MatrixMultiply {
  private MatrixMultiply() {}

  static Operation decode(PtxInstruction at, Operands operands) {
    return at.name().equals("mma") ? new Product(at, operands) : new LoadMatrix(at, operands);
  }

  private static int[] registers(
      PtxInstruction at, Operands operands, int index, int count, boolean written) {
    List<PtxOperand> elements =
        at.operand(index) instanceof PtxOperand.Vector vector
            ? vector.elements()
            : List.of(at.operand(index));
    if (elements.size() != count) {
      throw at.unknown("wants " + count + " registers as operand " + index);
    }
    return elements.stream()
        .mapToInt(each -> written ? operands.target(each, at) : operands.source(each, at))
        .toArray();
  }

  /** {@code mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 d, a, b, c}. */
  private static final class Product extends WarpExchange.Meeting {
    private final Fragments fragments;
    private final PtxType leftType;
    private final PtxType rightType;
    private final boolean whole;
    private final int[] to;
    private final int[] left;
    private final int[] right;
    private final int[] from;
    private final int[] leftPlaces;
    private final int[] rightPlaces;
    private final int[] sumPlaces;
    private final double[] a;
    private final double[] b;
    private final double[] sums;

    Product(PtxInstruction at, Operands operands) {
      super(at, operands, -1);
      String shape = at.opcode().get(3);
      at.allow(List.of("sync", "aligned", shape, "row", "col", "satfinite"));
      if (at.types().size() != 4 || !at.has("row") || !at.has("col") || at.has("satfinite")) {
        throw at.unknown("is not known");
      }
      PtxType sum = at.types().get(0);
      this.leftType = at.types().get(1);
      this.rightType = at.types().get(2);
      this.whole = !leftType.isFloat();
      String kind = whole ? "s8" : leftType.kind() == PtxType.Kind.TF32 ? "tf32" : "f16";
      this.fragments = Fragments.of(shape, kind);
      boolean plain = sum.equals(at.types().get(3)) && sum.bits() == 32 && sum.isFloat() != whole;
      boolean known =
          whole ? leftType.bits() == 8 && rightType.bits() == 8 : leftType.equals(rightType);
      if (fragments == null || !plain || !known) {
        throw at.unknown("has a shape or types that are not known");
      }
      int packed = 32 / leftType.bits();
      this.to = registers(at, operands, 0, fragments.sumCount(), true);
      this.left = registers(at, operands, 1, fragments.leftCount() / packed, false);
      this.right = registers(at, operands, 2, fragments.rightCount() / packed, false);
      this.from = registers(at, operands, 3, fragments.sumCount(), false);
      int depth = fragments.depth();
      this.leftPlaces = places(fragments.leftCount(), depth, fragments::left);
      this.rightPlaces = places(fragments.rightCount(), Fragments.COLUMNS, fragments::right);
      this.sumPlaces = places(fragments.sumCount(), Fragments.COLUMNS, fragments::sum);
      this.a = new double[leftPlaces.length];
      this.b = new double[rightPlaces.length];
      this.sums = new double[sumPlaces.length];
    }

    /** Where in a matrix of so many columns each lane's elements stand. */
    private static int[] places(int count, int columns, IntBinaryOperator layout) {
      int[] places = new int[count * Warp.LANES];
      for (int i = 0; i < places.length; i++) {
        int place = layout.applyAsInt(i / count, i % count);
        places[i] = Fragments.row(place) * columns + Fragments.column(place);
      }
      return places;
    }

    @Override
    void run(Warp warp, int lanes) {
      if (lanes != -1) {
        throw warp.failure(~lanes, "wants all lanes of the warp");
      }
      for (int[] all : List.of(left, right, from)) {
        for (int register : all) {
          warp.settle(register, lanes);
        }
      }
      warp.block.counts().countMatrixProduct();
      gather(warp, a, left, leftType, leftPlaces);
      gather(warp, b, right, rightType, rightPlaces);
      multiply();
      store(warp);
    }

    /** Puts the elements that lanes hold into a matrix. */
    private static void gather(
        Warp warp, double[] matrix, int[] registers, PtxType type, int[] places) {
      int count = places.length / Warp.LANES;
      for (int i = 0; i < places.length; i++) {
        matrix[places[i]] = element(warp, registers, type, i / count, i % count);
      }
    }

    private void multiply() {
      int depth = fragments.depth();
      for (int row = 0; row < fragments.rows(); row++) {
        for (int column = 0; column < Fragments.COLUMNS; column++) {
          double sum = 0;
          for (int k = 0; k < depth; k++) {
            sum += a[row * depth + k] * b[k * Fragments.COLUMNS + column];
          }
          sums[row * Fragments.COLUMNS + column] = sum;
        }
      }
    }

    private void store(Warp warp) {
      for (int i = 0; i < sumPlaces.length; i++) {
        int lane = i / to.length;
        double sum = sums[sumPlaces[i]];
        long before = warp.registers[from[i % to.length] * Warp.LANES + lane];
        warp.registers[to[i % to.length] * Warp.LANES + lane] =
            whole
                ? (int) before + (long) sum & 0xffffffffL
                : Rounding.bits((float) (Rounding.single(before) + sum));
      }
      for (int register : to) {
        warp.define(register, -1);
      }
    }

    private static double element(Warp warp, int[] registers, PtxType type, int lane, int i) {
      int packed = 32 / type.bits();
      long register = warp.registers[registers[i / packed] * Warp.LANES + lane];
      long bits = register >>> i % packed * type.bits() & (1L << type.bits()) - 1;
      return switch (type.kind()) {
        // "The lower 13 bits are ignored."
        case TF32 -> Rounding.single(bits & 0xffffe000L);
        case BFLOAT -> Rounding.bfloat(bits);
        case FLOAT -> Rounding.half(bits);
        case SIGNED, UNSIGNED, BITS, PREDICATE -> type.value(bits);
      };
    }
  }

  /**
   * {@code ldmatrix.sync.aligned.m8n8.x4.shared.b16 d, [a]}: lanes 8i to 8i + 7 give the rows of
   * matrix i; a lane gets two elements of row lane / 4, or (trans) of column lane / 4.
   */
  private static final class LoadMatrix extends WarpExchange.Meeting {
    private final int[] to;
    private final int base;
    private final long offset;
    private final boolean transposed;

    LoadMatrix(PtxInstruction at, Operands operands) {
      super(at, operands, -1);
      at.allow(
          List.of("sync", "aligned", "m8n8", "x1", "x2", "x4", "trans", "shared", "shared::cta"));
      int count = at.has("x4") ? 4 : at.has("x2") ? 2 : 1;
      if (!at.has("m8n8") || at.type().bits() != 16) {
        throw at.unknown("is not known");
      }
      this.to = registers(at, operands, 0, count, true);
      PtxOperand.Address address = (PtxOperand.Address) at.operand(1);
      this.base = operands.source(address.base(), at);
      this.offset = address.offset();
      this.transposed = at.has("trans");
    }

    @Override
    void run(Warp warp, int lanes) {
      long stamp = warp.stamp();
      long[] addresses = new long[Warp.LANES];
      int rows = 8 * to.length;
      warp.settle(base, rows == Warp.LANES ? -1 : (1 << rows) - 1);
      Region shared = warp.block.shared();
      for (int lane = 0; lane < rows; lane++) {
        long address = warp.registers[base * Warp.LANES + lane] + offset;
        addresses[lane] = Memory.offset(Memory.Space.SHARED, address);
        shared.read(warp, lane, addresses[lane], 16, stamp + lane);
      }
      warp.block.counts().countShared(addresses, rows, 16);
      for (int lane = 0; lane < Warp.LANES; lane++) {
        for (int i = 0; i < to.length; i++) {
          long low = element(shared, addresses, i, lane, 0);
          long high = element(shared, addresses, i, lane, 1);
          warp.registers[to[i] * Warp.LANES + lane] = high << 16 | low;
        }
      }
      for (int register : to) {
        warp.define(register, -1);
      }
    }

    private long element(Region shared, long[] addresses, int matrix, int lane, int part) {
      int other = lane / 4;
      int pair = lane % 4 * 2 + part;
      int row = transposed ? pair : other;
      int column = transposed ? other : pair;
      return shared.value((int) addresses[8 * matrix + row] + 2 * column, 2);
    }
  }
}
