package org.modelc.ir.op;

import java.util.List;
import org.modelc.ir.interpreter.Array;

/**
 * An example of an op.
 *
 * @param name a word on what it shows
 * @param attributes the attributes
 * @param operands the inputs
 * @param results the outputs by an outside source; null where only derived tests use the sample
 * @param source where the outputs come from: {@code "torch 1.13.1 softmax"}, {@code "by hand"};
 *     empty if there are none
 * @param smooth whether derivatives exist at the inputs, so that gradients are checked there
 */
public record Sample<A extends Record>(
    String name,
    A attributes,
    List<Array> operands,
    List<Array> results,
    String source,
    boolean smooth) {
  public static <A extends Record> Sample<A> of(
      String name, A attributes, List<Array> operands, List<Array> results, String source) {
    return new Sample<>(name, attributes, operands, results, source, true);
  }

  /** A sample for derived tests alone. */
  public static <A extends Record> Sample<A> of(String name, A attributes, List<Array> operands) {
    return new Sample<>(name, attributes, operands, null, "", true);
  }

  /** This sample at a kink: no gradient check. */
  public Sample<A> kink() {
    return new Sample<>(name, attributes, operands, results, source, false);
  }
}
