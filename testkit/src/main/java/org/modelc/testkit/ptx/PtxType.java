package org.modelc.testkit.ptx;

import java.util.Map;
import java.util.TreeMap;

/**
 * A fundamental type (PTX ISA, "Fundamental Types").
 *
 * @param bits the width
 */
record PtxType(Kind kind, int bits) {
  enum Kind {
    SIGNED,
    UNSIGNED,
    BITS,
    FLOAT,
    BFLOAT,
    TF32,
    PREDICATE
  }

  private static final Map<String, PtxType> NAMED = new TreeMap<>();

  static {
    for (int bits = 8; bits <= 64; bits *= 2) {
      NAMED.put("s" + bits, new PtxType(Kind.SIGNED, bits));
      NAMED.put("u" + bits, new PtxType(Kind.UNSIGNED, bits));
      NAMED.put("b" + bits, new PtxType(Kind.BITS, bits));
    }
    for (int bits = 16; bits <= 64; bits *= 2) {
      NAMED.put("f" + bits, new PtxType(Kind.FLOAT, bits));
    }
    NAMED.put("bf16", new PtxType(Kind.BFLOAT, 16));
    NAMED.put("tf32", new PtxType(Kind.TF32, 32));
    NAMED.put("pred", new PtxType(Kind.PREDICATE, 1));
  }

  /** The type of a name without its dot, or null. */
  static PtxType named(String name) {
    return NAMED.get(name);
  }

  int bytes() {
    return bits / 8;
  }

  boolean isSigned() {
    return kind == Kind.SIGNED;
  }

  /** Whether values are numbers with a fraction. */
  boolean isFloat() {
    return kind == Kind.FLOAT || kind == Kind.BFLOAT || kind == Kind.TF32;
  }

  /** The number that a register's bits are, of an integer or untyped value. */
  long value(long register) {
    if (bits == 64) {
      return register;
    }
    int unused = 64 - bits;
    return isSigned() ? register << unused >> unused : register << unused >>> unused;
  }

  /** A number as bits of this width, zeros above. */
  long bits(long value) {
    return bits == 64 ? value : value & (1L << bits) - 1;
  }
}
