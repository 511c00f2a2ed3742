package org.modelc.dsl.ast;

import java.util.Optional;
import org.modelc.ir.diagnostic.SourceSpan;

/**
 * {@code auc >= 0.84}, {@code jar <= 300 KB}, or {@code auc within 0.5 %} of another model.
 *
 * @param measure a name or a call
 * @param comparison one of the six; {@code <=} of the difference, if {@code within}
 * @param within whether the difference to the model before compression is limited
 * @param limit as written, before its unit
 */
public record Requirement(
    Expression measure,
    BinaryOperator comparison,
    boolean within,
    double limit,
    Optional<Unit> unit,
    SourceSpan span)
    implements Node {

  /** What a limit is measured in. */
  public enum Unit {
    PERCENT("%", 0.01),
    KILOBYTES("KB", 1024),
    MEGABYTES("MB", 1024 * 1024),
    GIGABYTES("GB", 1024 * 1024 * 1024),
    MILLISECONDS("ms", 1e-3),
    MICROSECONDS("us", 1e-6);

    private final String sign;
    private final double factor;

    Unit(String sign, double factor) {
      this.sign = sign;
      this.factor = factor;
    }

    /** As written. */
    public String sign() {
      return sign;
    }

    /** How many bytes, seconds or wholes one of it is. */
    public double factor() {
      return factor;
    }

    /** The unit written so. */
    public static Optional<Unit> of(String sign) {
      return java.util.Arrays.stream(values()).filter(unit -> unit.sign.equals(sign)).findFirst();
    }
  }

  /** The limit in bytes, seconds or as a plain number. */
  public double value() {
    return limit * unit.map(Unit::factor).orElse(1.0);
  }
}
