package org.modelc.passes.compress;

import org.modelc.runtime.spec.DType;

/** How a parameter is stored. */
public sealed interface Storage {
  /** A visitor of the kinds. */
  interface Visitor<R> {
    R visit(Integers storage);

    R visit(Halves storage);

    R visit(Sparse storage);
  }

  /** Calls the visitor's method for this kind. */
  <R> R accept(Visitor<R> visitor);

  /**
   * Integers with a scale for each slice of an axis, or with one.
   *
   * @param bits of an integer: 8, or 4 and two of them in a byte
   * @param axis the axis of channels; -1 for one scale for all
   * @param group how many neighbours along a matrix's rows share a scale; 0 for all
   * @param inputs what becomes of the other operand of its products
   */
  record Integers(int bits, int axis, int group, Inputs inputs) implements Storage {
    /** The axis along which integers of four bits share bytes: one that sums run over. */
    public int packed() {
      return axis == 0 ? 1 : 0;
    }

    /** The same for products with other inputs. */
    public Integers with(Inputs others) {
      return new Integers(bits, axis, group, others);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Floats of 16 bits, widened where they are read.
   *
   * @param dtype f16 or bf16
   */
  record Halves(DType dtype) implements Storage {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * A matrix of f32 without its zeros, as {@link SparseWeight} lays it out.
   *
   * @param steps places that all panels' columns have together
   */
  record Sparse(int steps) implements Storage {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /** What a quantised weight is multiplied with. */
  sealed interface Inputs {
    /** As they come: only the weight is of integers. */
    record Floats() implements Inputs {}

    /**
     * Integers whose scale is found at each call, for each row by itself.
     *
     * @param bits of an integer: 8, or 16 as two digits of 8
     */
    record Dynamic(int bits) implements Inputs {}

    /** Integers of one scale and zero point, found by calibration. */
    record Fixed(AffineRange range) implements Inputs {}
  }
}
