package org.modelc.ir.type;

import java.util.List;

/**
 * How stored integers stand for real numbers: {@code real = scale × (stored − zeroPoint)}.
 *
 * @param expressed the type computed with
 * @param bits stored bits per element, 4 or 8
 * @param axis the axis with a scale each, or -1 for one scale
 * @param group elements along the axis that share a scale; 1 unless grouped
 * @param scales one per slice of the axis, or one
 * @param zeroPoints as many as scales
 */
public record Quantization(
    org.modelc.runtime.spec.DType expressed,
    int bits,
    int axis,
    int group,
    List<Double> scales,
    List<Integer> zeroPoints) {
  public Quantization {
    scales = List.copyOf(scales);
    zeroPoints = List.copyOf(zeroPoints);
  }

  @Override
  public String toString() {
    String where = expressed + ", " + bits + " bits, axis " + axis + ", group " + group;
    return where + ", scales " + scales + ", zero points " + zeroPoints;
  }
}
