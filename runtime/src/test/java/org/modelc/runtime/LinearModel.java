package org.modelc.runtime;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Buffer;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.spec.TargetRule;
import org.modelc.runtime.spec.TensorSpec;
import org.modelc.runtime.workers.Team;

/**
 * A linear model y = w·x + b with programs written by hand, as a code generator would: loss (y −
 * t)², SGD with momentum 0.5, {@code predict} with its parameters doubled and halved again by a
 * prepare program.
 */
public final class LinearModel {
  private static final Dim B = Dim.symbol("B");

  private LinearModel() {}

  /** A manifest with a recipe; columns x (of the given width) and y. */
  public static ModelManifest manifest(int width, RecipeSpec recipe) {
    return manifest(width, recipe, List.of());
  }

  /** A manifest with a recipe whose targets must lie in ranges. */
  public static ModelManifest manifest(int width, RecipeSpec recipe, List<TargetRule> targets) {
    TensorSpec x = new TensorSpec("x", DType.F32, List.of(B, Dim.constant(width)), "");
    TensorSpec y = new TensorSpec("y", DType.F32, List.of(B), "");
    return new ModelManifest(
        1,
        "Linear",
        "",
        "test",
        "jvm",
        List.of(
            new TensorSpec("w", DType.F32, List.of(Dim.constant(width)), ""),
            new TensorSpec("b", DType.F32, List.of(), "")),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        List.of(new FunctionSpec("predict", "", List.of(x), List.of(y), "predict")),
        List.of(init(width), train(width), evaluate(width), prepare(width), predict(width)),
        null,
        null,
        recipe,
        targets,
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of());
  }

  /** The code of a program. */
  public static CompiledProgram code(ProgramAbi abi) {
    return switch (abi.name()) {
      case "init" -> new Init();
      case "train" -> new Train();
      case "evaluate" -> new Evaluate();
      case "predict.prepare" -> new Prepare();
      case "predict" -> new Predict();
      default -> throw new AssertionError(abi.name());
    };
  }

  private static Buffer buffer(String name, Role role, DType dtype, Dim... shape) {
    return new Buffer(name, role, dtype, List.of(shape), null, false);
  }

  private static Buffer update(String of, boolean inPlace, Dim... shape) {
    return new Buffer("new " + of, Role.OUTPUT, DType.F32, List.of(shape), of, inPlace);
  }

  private static ProgramAbi abi(String name, List<String> dims, Buffer... buffers) {
    List<ProgramAbi.Bound> bounds =
        dims.isEmpty() ? List.of() : List.of(new ProgramAbi.Bound(B, 1, 1000));
    return new ProgramAbi(name, symbol(name), dims, bounds, List.of(buffers), Dim.ZERO, Dim.ZERO);
  }

  private static String symbol(String name) {
    String simple = name.substring(name.indexOf('.') + 1);
    return "org.modelc.runtime.LinearModel$"
        + Character.toUpperCase(simple.charAt(0))
        + simple.substring(1);
  }

  private static ProgramAbi init(int width) {
    return abi(
        "init",
        List.of(),
        buffer("seed", Role.CONTROL, DType.I64),
        update("w", false, Dim.constant(width)),
        update("b", false));
  }

  private static ProgramAbi train(int width) {
    Dim n = Dim.constant(width);
    return abi(
        "train",
        List.of("B"),
        buffer("x", Role.INPUT, DType.F32, B, n),
        buffer("y", Role.INPUT, DType.F32, B),
        buffer("example_weight", Role.INPUT, DType.F32, B),
        buffer("w", Role.PARAMETER, DType.F32, n),
        buffer("b", Role.PARAMETER, DType.F32),
        buffer("w/momentum", Role.OPTIMIZER, DType.F32, n),
        buffer("rate", Role.CONTROL, DType.F32),
        buffer("step", Role.CONTROL, DType.I64),
        buffer("loss", Role.OUTPUT, DType.F32),
        buffer("gradient_norm", Role.OUTPUT, DType.F32),
        buffer("finite", Role.OUTPUT, DType.BOOL),
        update("w", true, n),
        update("b", false),
        update("w/momentum", true, n),
        buffer("slot", Role.WORKSPACE, DType.F32, B));
  }

  private static ProgramAbi evaluate(int width) {
    return abi(
        "evaluate",
        List.of("B"),
        buffer("x", Role.INPUT, DType.F32, B, Dim.constant(width)),
        buffer("y", Role.INPUT, DType.F32, B),
        buffer("w", Role.PARAMETER, DType.F32, Dim.constant(width)),
        buffer("b", Role.PARAMETER, DType.F32),
        buffer("loss", Role.OUTPUT, DType.F32, B));
  }

  private static ProgramAbi prepare(int width) {
    return abi(
        "predict.prepare",
        List.of(),
        buffer("w", Role.PARAMETER, DType.F32, Dim.constant(width)),
        buffer("twice w", Role.OUTPUT, DType.F32, Dim.constant(width)));
  }

  private static ProgramAbi predict(int width) {
    return abi(
        "predict",
        List.of("B"),
        buffer("x", Role.INPUT, DType.F32, B, Dim.constant(width)),
        buffer("twice w", Role.CONSTANT, DType.F32, Dim.constant(width)),
        buffer("b", Role.PARAMETER, DType.F32),
        buffer("y", Role.OUTPUT, DType.F32, B));
  }

  abstract static class Code extends CompiledProgram {
    @Override
    public Object[] scratch(int[] dims) {
      return new Object[0];
    }

    static float dot(float[] x, int row, float[] w, float b) {
      float sum = b;
      for (int i = 0; i < w.length; i++) {
        sum += x[row * w.length + i] * w[i];
      }
      return sum;
    }
  }

  static final class Init extends Code {
    @Override
    public void run(Object[] buffers, int[] dims, Object[] scratch, Team team, int worker) {
      float[] w = (float[]) buffers[1];
      for (int i = 0; i < w.length; i++) {
        w[i] = 0.01f * (i + ((long[]) buffers[0])[0]);
      }
    }
  }

  static final class Train extends Code {
    @Override
    public void run(Object[] buffers, int[] dims, Object[] scratch, Team team, int worker) {
      float[] x = (float[]) buffers[0];
      float[] y = (float[]) buffers[1];
      float[] weight = (float[]) buffers[2];
      float[] w = (float[]) buffers[3];
      float[] b = (float[]) buffers[4];
      float[] momentum = (float[]) buffers[5];
      float rate = ((float[]) buffers[6])[0];
      float[] error = (float[]) buffers[14];
      float loss = 0;
      float all = 0;
      for (int row = 0; row < dims[0]; row++) {
        error[row] = dot(x, row, w, b[0]) - y[row];
        loss += weight[row] * error[row] * error[row];
        all += weight[row];
      }
      ((float[]) buffers[8])[0] = loss / all;
      boolean finite = Float.isFinite(loss / all);
      ((byte[]) buffers[10])[0] = (byte) (finite ? 1 : 0);
      step(dims[0], x, weight, w, b, momentum, error, finite ? rate / all : 0, buffers);
    }

    private static void step(
        int rows,
        float[] x,
        float[] weight,
        float[] w,
        float[] b,
        float[] momentum,
        float[] error,
        float rate,
        Object[] buffers) {
      float norm = 0;
      float intercept = 0;
      for (int row = 0; row < rows; row++) {
        intercept += 2 * weight[row] * error[row];
      }
      for (int i = 0; i < w.length && rate != 0; i++) {
        float gradient = 0;
        for (int row = 0; row < rows; row++) {
          gradient += 2 * weight[row] * error[row] * x[row * w.length + i];
        }
        norm += gradient * gradient;
        momentum[i] = 0.5f * momentum[i] + gradient;
        w[i] -= rate * momentum[i];
      }
      ((float[]) buffers[9])[0] = norm;
      ((float[]) buffers[12])[0] = rate == 0 ? b[0] : b[0] - rate * intercept;
    }
  }

  static final class Evaluate extends Code {
    @Override
    public void run(Object[] buffers, int[] dims, Object[] scratch, Team team, int worker) {
      for (int row = 0; row < dims[0]; row++) {
        float error =
            dot((float[]) buffers[0], row, (float[]) buffers[2], ((float[]) buffers[3])[0])
                - ((float[]) buffers[1])[row];
        ((float[]) buffers[4])[row] = error * error;
      }
    }
  }

  static final class Prepare extends Code {
    @Override
    public void run(Object[] buffers, int[] dims, Object[] scratch, Team team, int worker) {
      float[] w = (float[]) buffers[0];
      for (int i = 0; i < w.length; i++) {
        ((float[]) buffers[1])[i] = 2 * w[i];
      }
    }
  }

  static final class Predict extends Code {
    @Override
    public void run(Object[] buffers, int[] dims, Object[] scratch, Team team, int worker) {
      float[] b = (float[]) buffers[2];
      for (int row = 0; row < dims[0]; row++) {
        float twice = dot((float[]) buffers[0], row, (float[]) buffers[1], 0);
        ((float[]) buffers[3])[row] = twice / 2 + b[0];
      }
    }
  }
}
