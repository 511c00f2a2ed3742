package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.LlvmTypes;
import org.modelc.codegen.llvm.emit.ModuleWriter;
import org.modelc.codegen.llvm.emit.Operand;

/**
 * Rows of floats as three signed digits of eight bits beneath the row's largest exponent, so that
 * products with bytes are sums of integers: {@code x = scale × (65536 d₂ + 256 d₁ + d₀)}, off by
 * hardly more than 2⁻²³ of the row's largest element. Where a row has an infinity or no number, its
 * scale is NaN, and so are its products.
 *
 * <p>Where a byte holds two weights, of an even step and of the odd one behind it, both steps share
 * their lowest digit: {@code d₀} times the whole byte is {@code d₀} times the even step's weight
 * and {@code 16 d₀} times the odd one's. Its low bits are the odd step's, its high ones the even
 * step's, and what the ones do to the other step its digits above make up for. So two steps take
 * five products in place of six, and an element is off by hardly more than 2⁻¹⁹ of the row's
 * largest; integers below 2¹⁵, times a power of two, are exact as before.
 *
 * <p>A packed row begins with its scale and what makes up for the offset of the weights, which are
 * stored unsigned: for each digit, and for halves of bytes the low ones before the high ones. Then
 * come, for each four steps, four bytes of each digit, and four that are not used.
 *
 * @param way how they meet weights; where those are halves of bytes, eight steps to four bytes, the
 *     even ones are the low halves and the odd ones the high halves
 * @param lanes steps that are packed at a time
 * @param depth steps of a row
 */
record Digits(Way way, int lanes, long depth) {
  static final int COUNT = 3;

  /** Digits that an even step and the odd one behind it share where a byte holds both weights. */
  private static final int SHARED = 1;

  /** Bytes before a row's digits. */
  static final int HEADER = 64;

  private boolean hasHalves() {
    return way != Way.BYTES;
  }

  /** Steps whose digits lie together. */
  static final int STEPS = 4;

  /** Bytes of these steps. */
  static final int STEP_BYTES = 16;

  private static final int BYTE_OFFSET = IntegerArithmetic.OFFSET;

  /** What makes integers of four bits unsigned. */
  static final int HALF_OFFSET = 8;

  private static final int HALF_BITS = 4;

  /** How digits meet weights. */
  enum Way {
    /** Bytes, by {@code vpdpbusd}. */
    BYTES(COUNT),
    /** Halves of bytes, the high ones where they are; two steps share their lowest digit. */
    SHARED_HALVES(COUNT + COUNT - SHARED),
    /** Halves of bytes, the high ones brought down, by {@code pmaddubsw} ({@link ShortSums}). */
    HALVES(COUNT);

    /** Sums that a kernel keeps for each of a product. */
    final int sums;

    Way(int sums) {
      this.sums = sums;
    }
  }

  /** What makes bytes that are stored signed unsigned, added or taken off. */
  static int weightOffset(boolean halves) {
    return halves ? HALF_OFFSET << HALF_BITS | HALF_OFFSET : BYTE_OFFSET;
  }

  /** The first digit that the steps of a half have for themselves. */
  private static int lowest(int part) {
    return part == 0 ? 0 : SHARED;
  }

  /** Which of a product's sums has the products of a digit. */
  private static int place(int part, int digit) {
    return part == 0 ? digit : COUNT - SHARED + digit;
  }

  /**
   * Adds the products of the steps that lie together.
   *
   * @param rows where the digits of each row are
   * @param weights the bytes of each vector's columns
   * @param sums of each row's vectors, those of one next to each other; they are replaced
   */
  static void multiply(
      FunctionWriter out, Way way, List<Operand> rows, List<Operand> weights, Operand[] sums) {
    boolean halves = way == Way.SHARED_HALVES;
    for (int part = 0; part < (halves ? 2 : 1); part++) {
      List<Operand> unsigned = new ArrayList<>();
      for (Operand each : weights) {
        unsigned.add(halves ? half(out, each, part) : each);
      }
      for (int row = 0; row < rows.size(); row++) {
        List<Operand> digits = new ArrayList<>();
        for (int digit = lowest(part); digit < COUNT; digit++) {
          Operand on = Operand.i64(part * STEP_BYTES + digit * STEPS);
          Operand four = out.load("i32", out.address("i8", rows.get(row), on));
          digits.add(out.splat(four, sums[0].lanes()));
        }
        // Digits of one row stay in registers for all weights, which so need not.
        for (int vector = 0; vector < weights.size(); vector++) {
          int first = (row * weights.size() + vector) * way.sums;
          for (int digit = lowest(part); digit < COUNT; digit++) {
            int at = first + place(part, digit);
            Operand bytes = digit < SHARED ? weights.get(vector) : unsigned.get(vector);
            Operand four = digits.get(digit - lowest(part));
            sums[at] = IntegerArithmetic.dot(out, sums[at], bytes, four);
          }
        }
      }
    }
  }

  /** Halves of bytes as bytes, the high ones sixteenfold. */
  static Operand half(FunctionWriter out, Operand bytes, int part) {
    int count = 4 * bytes.lanes();
    Operand both = out.convert("bitcast", bytes, LlvmTypes.vector("i8", count));
    int kept = part == 0 ? 0x0f : 0xf0;
    Operand mask = Operand.integer("i8", (byte) kept).splatConstant(count);
    return out.convert("bitcast", out.binary("and", both, mask), bytes.type());
  }

  /**
   * The product that a kernel's sums stand for.
   *
   * @param row where the packed row is
   * @param sums of the row and a vector
   */
  static Operand joined(FunctionWriter out, Way way, Operand row, List<Operand> sums) {
    int lanes = sums.get(0).lanes();
    Operand result = null;
    for (int digit = COUNT - 1; digit >= 0; digit--) {
      Operand sum = out.add(sums.get(digit), correction(out, row, digit, lanes));
      if (way == Way.SHARED_HALVES && digit >= SHARED) {
        Operand own = sums.get(place(1, digit));
        Operand high = out.add(own, correction(out, row, COUNT + digit, lanes));
        Operand bits = Operand.i32(HALF_BITS).splatConstant(lanes);
        sum = out.add(sum, out.binary("ashr", high, bits));
      }
      Operand value = out.convert("sitofp", sum, LlvmTypes.vector("float", lanes));
      Operand base = Operand.number("float", 256).splatConstant(lanes);
      result = result == null ? value : out.multiplyAdd(result, base, value);
    }
    return out.multiply(result, out.splat(out.load("float", row), lanes));
  }

  private static Operand correction(FunctionWriter out, Operand row, int number, int lanes) {
    Operand place = out.address("i8", row, Operand.i64(correctionPlace(number)));
    return out.splat(out.load("i32", place), lanes);
  }

  private static long correctionPlace(int number) {
    return STEP_BYTES * (1L + number / COUNT) + (long) Integer.BYTES * (number % COUNT);
  }

  /**
   * A function {@code (ptr source, i64 stride, i64 rows, ptr to)}, the stride in bytes, that packs
   * rows whose steps lie next to each other.
   *
   * @param rowBytes bytes of a packed row
   */
  String function(ModuleWriter module, long rowBytes) {
    String name = "digits." + way.name().toLowerCase(Locale.ROOT) + "." + depth;
    return module.library(
        name,
        () -> {
          FunctionWriter out = new FunctionWriter(module);
          Operand rows = new Operand("i64", "%rows");
          out.loop(Operand.i64(0), rows, 1, row -> new Row(out, row, rowBytes).write());
          out.line("ret void");
          return "define internal void @"
              + name
              + "(ptr noalias readonly nocapture %source, i64 %stride, i64 %rows,"
              + " ptr noalias writeonly nocapture %to) noinline #0 {\n"
              + out.body()
              + "}\n";
        });
  }

  /** The order that brings the even steps of each eight before the odd ones. */
  static int[] halvesApart(int lanes) {
    int[] order = new int[lanes];
    for (int i = 0; i < lanes; i++) {
      int place = i % (2 * STEPS);
      order[i] = i - place + place % STEPS * 2 + place / STEPS;
    }
    return order;
  }

  /** Writes the packing of one row. */
  private final class Row {
    private static final int SIGN_OFF = 0x7fffffff;
    private static final int INFINITE = 0x7f800000;

    /** Added to a float's bits: from 1.984 on an element would need a bit more than there are. */
    private static final int HEADROOM = 0x20000;

    private static final int MANTISSA_BITS = 23;

    /** The exponent of a digit's unit beneath that of the largest element. */
    private static final int UNIT = 22;

    private static final int BIAS = 127;

    /** The least exponent, with its bias, whose unit is a float. */
    private static final int LEAST_EXPONENT = 24;

    private static final int DIGIT_OFFSETS = 0x00808080;

    private static final int LOW_BITS = (1 << HALF_BITS) - 1;

    private final FunctionWriter out;
    private final Operand from;
    private final Operand to;
    private Operand factor;

    Row(FunctionWriter out, Operand row, long rowBytes) {
      this.out = out;
      Operand stride = new Operand("i64", "%stride");
      this.from = out.address("i8", new Operand("ptr", "%source"), out.multiply(row, stride));
      Operand on = out.multiply(row, Operand.i64(rowBytes));
      this.to = out.address("i8", new Operand("ptr", "%to"), on);
    }

    void write() {
      List<Operand> none = List.of(Operand.zero(integers()));
      Operand largest = over(none, (at, rest, state) -> larger(at, rest, state)).get(0);
      scale(out.joinLanes(largest, (a, b) -> out.intrinsic("llvm.umax", a.type(), a, b)));
      List<Operand> sums = over(none, (at, rest, state) -> digits(at, rest, state));
      corrections(sums.get(0));
    }

    /** What is done with sixteen steps, of which so many are left. */
    private interface Part {
      List<Operand> next(Operand at, int rest, List<Operand> state);
    }

    private List<Operand> over(List<Operand> initial, Part part) {
      long whole = depth / lanes * lanes;
      List<Operand> state =
          out.loop(
              Operand.i64(0),
              Operand.i64(whole),
              lanes,
              initial,
              (at, carried) -> part.next(at, lanes, carried));
      int rest = (int) (depth - whole);
      return rest == 0 ? state : part.next(Operand.i64(whole), rest, state);
    }

    private String integers() {
      return LlvmTypes.vector("i32", lanes);
    }

    private Operand loaded(Operand at, int rest) {
      Operand place = out.address("float", from, at);
      return rest == lanes
          ? out.load(LlvmTypes.vector("float", lanes), place)
          : out.maskedLoad(
              LlvmTypes.vector("float", lanes), place, out.mask(Operand.i64(rest), lanes));
    }

    private List<Operand> larger(Operand at, int rest, List<Operand> state) {
      Operand bits = out.convert("bitcast", loaded(at, rest), integers());
      Operand size = out.binary("and", bits, Operand.i32(SIGN_OFF).splatConstant(lanes));
      return List.of(out.intrinsic("llvm.umax", integers(), state.get(0), size));
    }

    /** Powers of two, so that scaling itself loses nothing. */
    private void scale(Operand largest) {
      Operand above = out.add(largest, Operand.i32(HEADROOM));
      Operand given = out.binary("lshr", above, Operand.i32(MANTISSA_BITS));
      Operand least = Operand.i32(LEAST_EXPONENT);
      Operand exponent = out.intrinsic("llvm.umax", "i32", given, least);
      factor = power(out.subtract(Operand.i32(2 * BIAS + UNIT), exponent));
      Operand scale = power(out.subtract(exponent, Operand.i32(UNIT)));
      Operand finite = out.compare("icmp ult", largest, Operand.i32(INFINITE));
      Operand never = Operand.number("float", Double.NaN);
      out.store(out.select(finite, scale, never), to);
    }

    private Operand power(Operand exponent) {
      Operand bits = out.binary("shl", exponent, Operand.i32(MANTISSA_BITS));
      return out.convert("bitcast", bits, "float");
    }

    private List<Operand> digits(Operand at, int rest, List<Operand> state) {
      Operand scaled = out.multiply(loaded(at, rest), out.splat(factor, lanes));
      Operand near = IntegerArithmetic.nearest(out, scaled);
      Operand whole = way == Way.SHARED_HALVES ? sharing(near) : near;
      // A digit is its byte less 128: turning the highest bit round takes that off.
      Operand offsets = Operand.i32(DIGIT_OFFSETS).splatConstant(lanes);
      Operand signed = out.binary("xor", out.add(whole, offsets), offsets);
      Operand turned =
          turned(hasHalves() ? out.shuffle(signed, signed, halvesApart(lanes)) : signed);
      Operand on = out.multiply(at, Operand.i64(STEP_BYTES / STEPS));
      Operand place = out.address("i8", to, out.add(on, Operand.i64(HEADER)));
      out.store(turned, place);
      if (way == Way.HALVES) {
        return List.of(new ShortSums(out, lanes).counted(state.get(0), turned));
      }
      Operand ones = Operand.i32(0x01010101).splatConstant(lanes);
      return List.of(IntegerArithmetic.dot(out, state.get(0), ones, turned));
    }

    /**
     * The nearest numbers of which the odd ones' lowest digit is that of the even ones before them,
     * taken off. Two lie in a lane of 64 bits, the even one below.
     */
    private Operand sharing(Operand steps) {
      Operand half = Operand.i32(1 << HALF_BITS - 1).splatConstant(lanes);
      Operand up = out.add(steps, half);
      Operand odd = pairs("lshr", up, Integer.SIZE + HALF_BITS);
      odd = out.binary("and", odd, Operand.i64(LOW_BITS).splatConstant(lanes / 2));
      odd = out.convert("bitcast", odd, integers());
      Operand high = Operand.i32(~LOW_BITS).splatConstant(lanes);
      Operand rounded = out.binary("and", out.subtract(up, odd), high);
      Operand whole = out.binary("or", rounded, odd);
      Operand digit = out.convert("bitcast", pairs("shl", whole, Long.SIZE - 8), integers());
      Operand down = Operand.i32(Integer.SIZE - 8 - HALF_BITS).splatConstant(lanes);
      return out.subtract(whole, out.binary("ashr", digit, down));
    }

    private Operand pairs(String opcode, Operand steps, int bits) {
      Operand count = Operand.i64(bits).splatConstant(lanes / 2);
      return out.binary(opcode, out.convert("bitcast", steps, count.type()), count);
    }

    /** Four steps of four bytes each become four digits of four steps each. */
    private Operand turned(Operand steps) {
      int[] order = new int[4 * lanes];
      for (int i = 0; i < order.length; i++) {
        int place = i % STEP_BYTES;
        order[i] = i - place + place % STEPS * STEPS + place / STEPS;
      }
      Operand bytes = out.convert("bitcast", steps, LlvmTypes.vector("i8", 4 * lanes));
      return out.convert("bitcast", out.shuffle(bytes, bytes, order), integers());
    }

    /**
     * Sums of digits times what weights are too large by; of high halves where they are, sixteen
     * times that, and of whole bytes both.
     */
    private void corrections(Operand sums) {
      Operand even = total(sums, 0);
      Operand odd = hasHalves() ? total(sums, STEPS) : null;
      switch (way) {
        case BYTES -> store(0, times(even, BYTE_OFFSET));
        case HALVES -> store(0, times(out.add(even, odd), HALF_OFFSET));
        case SHARED_HALVES -> {
          Operand own = times(even, HALF_OFFSET);
          Operand both = out.add(own, times(even, BYTE_OFFSET));
          store(0, out.shuffle(both, own, 0, STEPS + 1, STEPS + 2, STEPS + 3));
          store(1, times(odd, BYTE_OFFSET));
        }
      }
    }

    /** Sums of each digit over the steps of a half, or over all. */
    private Operand total(Operand sums, int first) {
      Operand total = null;
      for (int from = first; from < lanes; from += hasHalves() ? 2 * STEPS : STEPS) {
        Operand four = out.shuffle(sums, sums, from, from + 1, from + 2, from + 3);
        total = total == null ? four : out.add(total, four);
      }
      return total;
    }

    private Operand times(Operand total, int offset) {
      return out.multiply(total, Operand.i32(-offset).splatConstant(STEPS));
    }

    private void store(int part, Operand corrections) {
      out.store(corrections, out.address("i8", to, Operand.i64(correctionPlace(part * COUNT))));
    }
  }
}
