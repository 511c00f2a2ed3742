package org.modelc.testkit.random;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.AttributeText;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.ops.Convolution;
import org.modelc.runtime.spec.Dim;

/** Rules for convolutions and pools over one or two spatial axes. */
final class WindowRules {
  private static final List<String> POOLS = List.of("max_pool", "avg_pool", "sum_pool");
  private final Growth growth;

  WindowRules(Growth growth) {
    this.growth = growth;
  }

  boolean grow() {
    return growth.random.nextBoolean() ? convolution() : pool();
  }

  private int upTo(int most) {
    return 1 + growth.random.nextInt(most);
  }

  /** A picture that the graph has, or a new one. */
  private Value picture() {
    Value known =
        growth.pick(
            v ->
                v.tensor().dtype() == growth.dtype
                    && v.tensor().rank() >= 3
                    && v.tensor().rank() <= 4
                    && v.tensor().shape().subList(1, v.tensor().rank()).stream()
                        .allMatch(dim -> dim.isStatic() && dim.value() > 2));
    if (known != null && growth.random.nextInt(3) > 0) {
      return known;
    }
    List<Dim> shape = new ArrayList<>(List.of(Dim.symbol("B"), Dim.constant(upTo(3))));
    for (int axis = upTo(2); axis > 0; axis--) {
      shape.add(Dim.constant(2 + growth.random.nextInt(7)));
    }
    return growth.input(growth.dtype, shape);
  }

  private boolean convolution() {
    Value x = picture();
    Dim channels = x.tensor().dim(1);
    boolean isDepthwise = channels.isStatic() && growth.random.nextInt(4) == 0;
    int groups = isDepthwise ? channels.intValue() : 1;
    List<Dim> kernel = new ArrayList<>();
    kernel.add(isDepthwise ? channels.times(upTo(2)) : growth.channels());
    kernel.add(isDepthwise ? Dim.ONE : channels);
    for (int axis = 2; axis < x.tensor().rank(); axis++) {
      kernel.add(Dim.constant(upTo(3)));
    }
    Convolution.Attributes attributes =
        new Convolution.Attributes(
            List.of(upTo(3)),
            List.of(Dim.constant(growth.random.nextInt(2))),
            List.of(Dim.constant(growth.random.nextInt(2))),
            List.of(growth.random.nextInt(4) == 0 ? 2 : 1),
            List.of(upTo(2)),
            groups);
    Value weights = growth.input(growth.dtype, kernel);
    return growth.add(new Convolution(), attributes, List.of(x, weights));
  }

  private boolean pool() {
    Value x = picture();
    List<Integer> window = new ArrayList<>();
    for (int axis = 2; axis < x.tensor().rank(); axis++) {
      window.add(upTo(3));
    }
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("window", window);
    arguments.put("strides", List.of(upTo(2)));
    return pool(OpRegistry.find(POOLS.get(growth.random.nextInt(POOLS.size()))), arguments, x);
  }

  private <A extends Record> boolean pool(OpDef<A> op, Map<String, Object> arguments, Value x) {
    A attributes = AttributeText.create(op.attributesType(), op.name(), arguments);
    return growth.add(op, attributes, List.of(x));
  }
}
