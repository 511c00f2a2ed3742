package org.modelc.ir.ops;

import com.google.auto.service.AutoService;
import java.util.List;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.Operands;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.op.VjpCall;
import org.modelc.ir.type.ValueType;

/** x − log Σ exp(x) along an axis, without overflow or the logarithm of 0. */
@SuppressWarnings("rawtypes") // a service is named by its class alone
@AutoService(OpDef.class)
public final class LogSoftmax extends CompositeOp<Softmax.Attributes> {
  private static final LogSoftmax OP = new LogSoftmax();

  public LogSoftmax() {
    super("log_softmax", Softmax.Attributes.class, "x");
  }

  /** x − log Σ exp(x) along an axis. */
  public static Value of(GraphBuilder builder, Value x, int axis) {
    return builder.add(OP, new Softmax.Attributes(axis), List.of(x)).get(0);
  }

  @Override
  public List<ValueType> infer(Call<Softmax.Attributes> call) {
    Operands.checkCount(this, call.operands());
    return List.of(Softmax.check(name(), call));
  }

  @Override
  public List<Value> expand(
      GraphBuilder builder, Softmax.Attributes attributes, List<Value> operands) {
    Value x = operands.get(0);
    List<Integer> axes = List.of(attributes.axis());
    Value shifted = Softmax.shifted(builder, x, axes);
    Value sum = Sum.of(builder, Exp.of(builder, shifted), axes, true);
    Value logarithm = Unreduce.of(builder, Log.of(builder, sum), x, axes);
    return List.of(Subtract.of(builder, shifted, logarithm));
  }

  /** dy − softmax(x) Σ dy. */
  @Override
  public List<Value> vjp(VjpCall<Softmax.Attributes> call) {
    GraphBuilder builder = call.builder();
    Value y = call.result();
    List<Integer> axes = List.of(call.attributes().axis());
    Value sum = Unreduce.of(builder, Sum.of(builder, call.cotangent(), axes, true), y, axes);
    Value share = Multiply.of(builder, Exp.of(builder, y), sum);
    return List.of(Subtract.of(builder, call.cotangent(), share));
  }

  @Override
  public List<Sample<Softmax.Attributes>> samples() {
    return List.of(
        Sample.of(
            "last axis",
            new Softmax.Attributes(-1),
            List.of(SampleValues.spread(1, 2, 5)),
            List.of(
                Array.f32(
                    new int[] {2, 5},
                    -2.9951458810471925,
                    -1.8388958810471923,
                    -0.6826458810471923,
                    -2.6826458810471925,
                    -1.5263958810471923,
                    -0.5925631856941038,
                    -2.592563185694104,
                    -1.4363131856941038,
                    -3.436313185694104,
                    -2.280063185694104)),
            "torch 1.13 log_softmax"),
        Sample.of(
            "large",
            new Softmax.Attributes(0),
            List.of(Array.f32(new int[] {2, 2}, 1000, 1000, -1000, 1000)),
            List.of(Array.f32(new int[] {2, 2}, 0, -Math.log(2), -2000, -Math.log(2))),
            "by hand"));
  }

  @Override
  public String doc() {
    return "the logarithm of softmax, computed without overflow";
  }
}
