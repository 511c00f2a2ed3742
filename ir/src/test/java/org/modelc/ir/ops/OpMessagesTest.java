package org.modelc.ir.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.modelc.ir.op.AttributeText;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpException;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Messages name the op, the actual types and a way out. */
class OpMessagesTest {
  private static final Dim B = Dim.symbol("B");

  private static TensorType f32(Object... dims) {
    return TensorType.of(
        DType.F32,
        java.util.Arrays.stream(dims)
            .map(dim -> dim instanceof Dim symbol ? symbol : Dim.constant((Integer) dim))
            .toList());
  }

  @SuppressWarnings("unchecked")
  private static List<ValueType> infer(
      String name, Map<String, Object> arguments, ValueType... operands) {
    OpDef<Record> op = (OpDef<Record>) OpRegistry.find(name);
    Record attributes = AttributeText.create(op.attributesType(), name, arguments);
    return op.infer(new Call<>(attributes, List.of(operands), List.of()));
  }

  private static void fails(ThrowingCallable call, String message, String hint) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            OpException.class,
            e -> {
              assertThat(e).hasMessageContaining(message);
              assertThat(e.hint()).contains(hint);
            });
  }

  @Test
  void matmulSuggestsTheTranspose() {
    fails(
        () -> infer("matmul", Map.of(), f32(B, 128), f32(64, 128)),
        "matmul needs equal inner dims, got 128 and 64 in f32[B, 128] @ f32[64, 128]",
        "transpose");
  }

  @Test
  void convolutionCountsChannels() {
    fails(
        () -> infer("convolution", Map.of(), f32(B, 4, 8, 8), f32(6, 3, 3, 3)),
        "needs 3 input channels, got 4 in f32[B, 4, 8, 8]",
        "[out, channels / groups, window…]");
  }

  @Test
  void windowLargerThanItsOperand() {
    fails(
        () -> infer("max_pool", Map.of("window", 3L), f32(B, 1, 2, 2)),
        "max_pool's window of 3 does not fit into 2",
        "smaller window");
  }

  @Test
  void stridesNeedDivisibleDims() {
    Dim height = Dim.symbol("H");
    fails(
        () -> infer("max_pool", Map.of("window", 2L), f32(B, 1, height, 4)),
        "max_pool with stride 2 over H",
        "2*n");
    assertThat(infer("max_pool", Map.of("window", 2L), f32(B, 1, height.times(2), 4)))
        .hasToString("[f32[B, 1, H, 2]]");
  }

  @Test
  void splitNamesTheRest() {
    fails(
        () -> infer("split", Map.of("sections", 3L), f32(B, 10)),
        "cannot cut axis 1 of f32[B, 10] into 3 equal parts",
        "10 is no multiple of 3");
  }

  @Test
  void concatNamesBothTypes() {
    fails(
        () -> infer("concat", Map.of(), f32(B, 3), f32(2, 3)),
        "concat cannot join f32[B, 3] and f32[2, 3] along axis 1",
        "all other dims");
  }

  @Test
  void indicesAreIntegers() {
    fails(
        () -> infer("gather", Map.of(), f32(5, 2), f32(B)),
        "gather needs indices of type i32 or i64, got f32[B]",
        "cast");
  }

  @Test
  void einsumNamesTheLabel() {
    fails(
        () -> infer("einsum", Map.of("equation", "ij,jk->ik"), f32(2, 3), f32(4, 5)),
        "einsum's label j stands for dims 3 and 4",
        "a label names one dim");
  }

  @Test
  void dimsOfDynamicResults() {
    assertThat(infer("concat", Map.of("axis", 0L), f32(B, 3), f32(B, 3)))
        .hasToString("[f32[2*B, 3]]");
    assertThat(infer("flatten", Map.of(), f32(B, 3, 4))).hasToString("[f32[B, 12]]");
    assertThat(infer("matmul", Map.of(), f32(B, 7, 128), f32(128, 10)))
        .hasToString("[f32[B, 7, 10]]");
  }
}
