package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.Sample;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** True with a probability, of which 24 bits count. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class RandomBernoulli extends RandomOp<RandomBernoulli.Attributes> {
  private static final RandomBernoulli OP = new RandomBernoulli();

  /** Shape, probability and site. */
  public record Attributes(
      @Attribute(doc = "the result's shape") List<Dim> shape,
      @Attribute(doc = "how likely true is, from 0 to 1") double probability,
      @Attribute(value = "\"\"", doc = "the place that draws; the compiler sets it") String site) {
    public Attributes {
      shape = List.copyOf(shape);
      if (!(probability >= 0 && probability <= 1)) {
        throw new OpException("a probability is from 0 to 1, got " + probability);
      }
    }
  }

  public RandomBernoulli() {
    super("random_bernoulli", Attributes.class);
  }

  /** True with a probability. */
  public static Value of(
      GraphBuilder builder,
      Value seed,
      Value step,
      List<Dim> shape,
      double probability,
      String site) {
    Attributes attributes = new Attributes(shape, probability, site);
    return builder.add(OP, attributes, List.of(seed, step)).get(0);
  }

  @Override
  protected List<Dim> shape(Attributes attributes) {
    return attributes.shape();
  }

  @Override
  protected DType dtype(Attributes attributes) {
    return DType.BOOL;
  }

  @Override
  protected String site(Attributes attributes) {
    return attributes.site();
  }

  /**
   * How many of the 2²⁴ upper halves of words mean true: compared as integers, alike everywhere.
   */
  private static long limit(Attributes attributes) {
    return Math.round(attributes.probability() * 0x1p24);
  }

  @Override
  protected double draw(Attributes attributes, int first, int second) {
    return (first >>> 8) < limit(attributes) ? 1 : 0;
  }

  @Override
  protected Expr draw(Attributes attributes, Expr first, Expr second) {
    Expr bits = Expr.apply(ScalarOp.SHIFT_RIGHT_UNSIGNED, first, Expr.integer(8));
    return Expr.apply(ScalarOp.LESS, bits, Expr.integer(limit(attributes)));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "seed, site and step",
            new Attributes(List.of(Dim.constant(8)), 0.25, "dropout"),
            List.of(RandomUniform.control(42), RandomUniform.control(7)),
            List.of(Array.bool(new int[] {8}, 0, 0, 0, 0, 0, 0, 0, 0)),
            "Threefry-2x32-20 in numpy, checked with Random123's known answers"),
        Sample.of(
            "always",
            new Attributes(List.of(Dim.constant(3)), 1, ""),
            List.of(RandomUniform.control(0), RandomUniform.control(0)),
            List.of(Array.bool(new int[] {3}, 1, 1, 1)),
            "by hand"));
  }

  @Override
  public String doc() {
    return "true with a probability";
  }
}
