package org.modelc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.runtime.spec.DType;

class FrameTest {
  private final Model model =
      Model.of(
          LinearModel.manifest(2, null),
          Map.of(
              "w", new Tensor(DType.F32, List.of(2), new float[] {2, -1}),
              "b", new Tensor(DType.F32, List.of(), new float[] {10})),
          LinearModel::code);

  @Test
  void takesTheRowsFromTheLengthOfTheInput() {
    Frame frame = model.newSession().frame("predict");
    frame.bind("x", new float[] {1, 2, 3, 4, 5, 6});
    frame.run();
    assertThat((float[]) frame.array("y")).startsWith(10, 12, 14);
    assertThat(frame.size(frame.program().position("y"))).isEqualTo(3);
  }

  @Test
  void writesToAnArrayOfTheCallerAndKeepsItsOwnWhenItIsLargeEnough() {
    Frame frame = model.newSession().frame("predict");
    float[] result = new float[1];
    frame.bind("x", new float[] {1, 2});
    frame.bind("y", result);
    frame.run();
    assertThat(result).containsExactly(10);
    frame.bind("x", new float[8]);
    frame.run();
    Object own = frame.array("y");
    assertThat(own).isNotSameAs(result);
    frame.bind("x", new float[4]);
    frame.run();
    assertThat(frame.array("y")).isSameAs(own);
  }

  @Test
  void anArrayOfTheCallerIsForgottenAfterTheCall() {
    Frame frame = model.newSession().frame("predict");
    float[] result = new float[3];
    frame.bind("x", new float[] {1, 2, 3, 4, 5, 6});
    frame.bind("y", result);
    frame.run();
    frame.bind("x", new float[6]);
    frame.run();
    assertThat(result).containsExactly(10, 12, 14);
    assertThat((float[]) frame.array("y")).containsExactly(10, 10, 10);
  }

  @Test
  void takesLongerArraysOnlyWithAGivenDim() {
    Frame frame = model.newSession().frame("evaluate");
    frame.bind("x", new float[10]);
    frame.bind("y", new float[7]);
    frame.dim("B", 5);
    frame.run();
    frame.bind("x", new float[10]);
    frame.bind("y", new float[7]);
    assertThatThrownBy(frame::run)
        .isInstanceOf(ModelcException.class)
        .hasMessage("evaluate: `y` f32[B] has 7 elements, needs 5 with B = 5");
  }

  @Test
  void saysWhatIsWrongWithACall() {
    Frame frame = model.newSession().frame("predict");
    assertThatThrownBy(frame::run).hasMessage("predict: input `x` f32[B, 2] was not given");
    frame.bind("x", new float[3]);
    assertThatThrownBy(frame::run)
        .hasMessage("predict: `x` f32[B, 2] has 3 elements, no multiple of 2");
    assertThatThrownBy(() -> frame.bind("x", new double[2]))
        .hasMessage("predict: `x` f32[B, 2] does not lie in a double[]");
    frame.bind("x", new float[2002]);
    assertThatThrownBy(frame::run).hasMessage("predict: B is 1001, must be at most 1000");
    frame.bind("x", new float[0]);
    assertThatThrownBy(frame::run).hasMessage("predict: B is 0, must be at least 1");
    assertThatThrownBy(() -> frame.bind("xx", new float[2]))
        .hasMessage("program `predict` has no buffer `xx`")
        .extracting(e -> ((ModelcException) e).hint())
        .isEqualTo("did you mean `x`?");
  }

  @Test
  void refusesParametersOfAnotherShape() {
    assertThatThrownBy(
            () ->
                Model.of(
                    LinearModel.manifest(2, null),
                    Map.of("w", Tensor.zeros(DType.F32, List.of(3))),
                    LinearModel::code))
        .hasMessage("parameter `w` is f32[3], the model needs f32[2]");
    assertThatThrownBy(
            () ->
                Model.of(
                    LinearModel.manifest(2, null),
                    Map.of("w", Tensor.zeros(DType.F32, List.of(2))),
                    LinearModel::code))
        .hasMessage("model Linear lacks its parameter `b`");
  }

  @Test
  void givesBackSessionsThatWait() {
    Session session = model.acquire();
    assertThat(model.acquire()).isNotSameAs(session);
    model.release(session);
    assertThat(model.acquire()).isSameAs(session);
  }
}
