package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Sample;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Numbers drawn evenly from low to below high, in steps of 2⁻²⁴ of the range. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class RandomUniform extends RandomOp<RandomUniform.Attributes> {
  private static final RandomUniform OP = new RandomUniform();

  /** Shape, range and site. */
  public record Attributes(
      @Attribute(doc = "the result's shape") List<Dim> shape,
      @Attribute(value = "0", doc = "the least number") double low,
      @Attribute(value = "1", doc = "the end of the range, not drawn") double high,
      @Attribute(value = "f32", doc = "the element type, floating") DType dtype,
      @Attribute(value = "\"\"", doc = "the place that draws; the compiler sets it") String site) {
    public Attributes {
      shape = List.copyOf(shape);
    }
  }

  public RandomUniform() {
    super("random_uniform", Attributes.class);
  }

  /** Numbers from 0 to below 1. */
  public static Value of(
      GraphBuilder builder, Value seed, Value step, List<Dim> shape, String site) {
    Attributes attributes = new Attributes(shape, 0, 1, DType.F32, site);
    return builder.add(OP, attributes, List.of(seed, step)).get(0);
  }

  @Override
  protected List<Dim> shape(Attributes attributes) {
    return attributes.shape();
  }

  @Override
  protected DType dtype(Attributes attributes) {
    Domain.FLOATING.check(name(), attributes.dtype());
    return attributes.dtype();
  }

  @Override
  protected String site(Attributes attributes) {
    return attributes.site();
  }

  @Override
  protected double draw(Attributes attributes, int first, int second) {
    return attributes.low() + (attributes.high() - attributes.low()) * unit(first);
  }

  @Override
  protected Expr draw(Attributes attributes, Expr first, Expr second) {
    DType dtype = ElementwiseOp.computeType(attributes.dtype());
    Expr unit = unit(dtype, first);
    double range = attributes.high() - attributes.low();
    Expr scaled = range == 1 ? unit : unit.times(Expr.constant(dtype, range));
    return attributes.low() == 0 ? scaled : scaled.plus(Expr.constant(dtype, attributes.low()));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "seed, site and step",
            new Attributes(List.of(Dim.constant(2), Dim.constant(3)), 0, 1, DType.F32, "a.b"),
            List.of(control(42), control(7)),
            List.of(
                Array.f32(
                    new int[] {2, 3},
                    0.722733736038208,
                    0.1815592646598816,
                    0.8933995962142944,
                    0.7472972273826599,
                    0.9395158886909485,
                    0.948226273059845)),
            "Threefry-2x32-20 in numpy, checked with Random123's known answers"),
        Sample.of(
            "range, negative seed",
            new Attributes(List.of(Dim.constant(3)), -2, 6, DType.F32, ""),
            List.of(control(-5), control(0)),
            List.of(
                Array.f32(
                    new int[] {3}, 2.5945839881896973, -1.2419991493225098, -0.9537115097045898)),
            "Threefry-2x32-20 in numpy, checked with Random123's known answers"));
  }

  static Array control(long value) {
    return new Array(DType.I64, new int[] {}, new double[] {value});
  }

  @Override
  public String doc() {
    return "numbers drawn evenly from low to below high";
  }
}
