package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.Domain;
import org.modelc.ir.op.ElementwiseOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Sample;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Numbers of a normal distribution, by Box and Muller's transform of two 24-bit uniform ones. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class RandomNormal extends RandomOp<RandomNormal.Attributes> {
  private static final RandomNormal OP = new RandomNormal();

  /** Shape, distribution and site. */
  public record Attributes(
      @Attribute(doc = "the result's shape") List<Dim> shape,
      @Attribute(value = "0", doc = "the mean") double mean,
      @Attribute(value = "1", doc = "the standard deviation") double deviation,
      @Attribute(value = "f32", doc = "the element type, floating") DType dtype,
      @Attribute(value = "\"\"", doc = "the place that draws; the compiler sets it") String site) {
    public Attributes {
      shape = List.copyOf(shape);
    }
  }

  public RandomNormal() {
    super("random_normal", Attributes.class);
  }

  /** Numbers of mean 0 and deviation 1. */
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

  /** The radius' uniform number is from above 0 to 1, whose logarithm is finite. */
  @Override
  protected double draw(Attributes attributes, int first, int second) {
    double radius = Math.sqrt(-2 * Math.log(unit(first) + 0x1p-24));
    double drawn = radius * Math.cos(2 * Math.PI * unit(second));
    return attributes.mean() + attributes.deviation() * drawn;
  }

  @Override
  protected Expr draw(Attributes attributes, Expr first, Expr second) {
    DType dtype = ElementwiseOp.computeType(attributes.dtype());
    Expr one = Expr.constant(dtype, 1);
    Expr share = upperBits(dtype, first).plus(one).times(Expr.constant(dtype, 0x1p-24));
    Expr logarithm = Expr.apply(ScalarOp.LOG, share);
    Expr radius = Expr.apply(ScalarOp.SQUARE_ROOT, logarithm.times(Expr.constant(dtype, -2)));
    Expr angle = unit(dtype, second).times(Expr.constant(dtype, 2 * Math.PI));
    Expr drawn = radius.times(Expr.apply(ScalarOp.COS, angle));
    double deviation = attributes.deviation();
    Expr scaled = deviation == 1 ? drawn : drawn.times(Expr.constant(dtype, deviation));
    return attributes.mean() == 0 ? scaled : scaled.plus(Expr.constant(dtype, attributes.mean()));
  }

  @Override
  public List<Sample<Attributes>> samples() {
    return List.of(
        Sample.of(
            "seed, site and step",
            new Attributes(List.of(Dim.constant(2), Dim.constant(3)), 0, 1, DType.F32, "a.b"),
            List.of(RandomUniform.control(42), RandomUniform.control(7)),
            List.of(
                Array.f32(
                    new int[] {2, 3},
                    -0.7685916911611816,
                    -1.6019629894919734,
                    -0.08681595045339198,
                    0.2549302119451675,
                    0.3513851589437878,
                    -0.030109546873175155)),
            "Threefry-2x32-20 in numpy, checked with Random123's known answers"),
        Sample.of(
            "mean and deviation",
            new Attributes(List.of(Dim.constant(3)), 10, 0.5, DType.F32, "w"),
            List.of(RandomUniform.control(1), RandomUniform.control(0)),
            List.of(
                Array.f32(
                    new int[] {3}, 10.162137317139852, 9.360731470403893, 10.818126915070014)),
            "Threefry-2x32-20 in numpy, checked with Random123's known answers"));
  }

  @Override
  public String doc() {
    return "numbers of a normal distribution";
  }
}
