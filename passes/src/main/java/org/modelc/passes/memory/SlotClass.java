package org.modelc.passes.memory;

import java.util.List;
import java.util.Map;
import org.modelc.ir.kernel.Buffer;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * Buffers that may share slots: one element type, and sizes that are multiples of one monomial of
 * dynamic dims, so that the larger coefficient is the larger size at every call. A size of several
 * terms is a class of its own.
 *
 * @param unit the monomial, or the whole size
 */
record SlotClass(DType dtype, Dim unit) {
  static SlotClass of(Buffer buffer) {
    Dim size = buffer.size();
    if (size.terms().size() != 1) {
      return new SlotClass(buffer.dtype(), size);
    }
    Map.Entry<Dim.Monomial, Long> term = size.terms().entrySet().iterator().next();
    List<Dim> symbols = term.getKey().symbols().stream().map(Dim::symbol).toList();
    return new SlotClass(buffer.dtype(), Dim.product(symbols));
  }

  /** How many units a buffer takes. */
  static long coefficient(Buffer buffer) {
    Map<Dim.Monomial, Long> terms = buffer.size().terms();
    return terms.size() == 1 ? terms.values().iterator().next() : 1;
  }
}
