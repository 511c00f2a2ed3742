package org.modelc.ir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.ir.op.Literal;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;

class ProgramBuffersTest {
  private static final Dim ROWS = Dim.symbol("B");
  private static final Buffer GIVEN = buffer("x", ROWS);
  private static final Buffer UPDATED = buffer("y", ROWS);

  /** An input that is called as a slot of the plan is. */
  private static final Buffer LIKE_A_SLOT = buffer("slot0", Dim.constant(2));

  private static final Buffer ONE = buffer("one", Dim.constant(2));
  private static final Buffer TWO = buffer("two", Dim.constant(2));
  private static final Buffer FIRST = buffer("first", ROWS);
  private static final Buffer SECOND = buffer("second", ROWS);
  private static final Buffer VIEW_OF_ONE = buffer("ones", Dim.constant(1), Dim.constant(2));
  private static final Buffer VIEW_OF_UPDATED = buffer("flat", Dim.constant(1), ROWS);

  private static final KernelProgram PROGRAM =
      new KernelProgram(
          "test",
          List.of("B"),
          List.of(),
          List.of(
              new KernelProgram.Parameter(GIVEN, Role.STATE, null),
              new KernelProgram.Parameter(LIKE_A_SLOT, Role.INPUT, null),
              new KernelProgram.Parameter(UPDATED, Role.OUTPUT, "x")),
          List.of(FIRST, SECOND),
          Map.of(VIEW_OF_ONE, ONE, VIEW_OF_UPDATED, UPDATED),
          Map.of(TWO, Literal.of(1, 2), ONE, Literal.of(3)),
          List.of(),
          null);

  private static Buffer buffer(String name, Dim... shape) {
    return new Buffer(name, DType.F32, List.of(shape));
  }

  private static ProgramBuffers planned() {
    KernelProgram.Slot slot = new KernelProgram.Slot(DType.F32, ROWS);
    return new ProgramBuffers(
        PROGRAM.withPlan(
            new KernelProgram.MemoryPlan(
                List.of(slot),
                Map.of(FIRST, 0, SECOND, 0),
                Map.of(UPDATED, GIVEN),
                ROWS.times(4))));
  }

  @Test
  void callersBuffersComeFirstThenConstantsThenSlots() {
    assertThat(planned().all())
        .extracting(ProgramAbi.Buffer::name)
        .containsExactly("x", "slot0", "y", "one", "two", "slot0");
    assertThat(planned().constants())
        .extracting(PooledConstant::buffer)
        .containsExactly("one", "two");
    assertThat(planned().scalar(VIEW_OF_ONE)).isEqualTo(3);
    assertThat(planned().scalar(TWO)).isNull();
  }

  @Test
  void buffersThatShareMemoryHaveOnePlace() {
    ProgramBuffers buffers = planned();
    assertThat(buffers.placeOf(UPDATED)).isEqualTo(buffers.placeOf(GIVEN)).isZero();
    assertThat(buffers.placeOf(VIEW_OF_UPDATED)).isZero();
    assertThat(buffers.numberOf(UPDATED)).isEqualTo(2);
    assertThat(buffers.all().get(2).inPlace()).isTrue();
    assertThat(buffers.placeOf(LIKE_A_SLOT)).isEqualTo(1);
    assertThat(buffers.placeOf(VIEW_OF_ONE)).isEqualTo(3);
    assertThat(buffers.placeOf(FIRST)).isEqualTo(buffers.placeOf(SECOND)).isEqualTo(5);
  }

  @Test
  void withoutAPlanTemporariesHavePlacesOfTheirOwn() {
    ProgramBuffers buffers = new ProgramBuffers(PROGRAM);
    assertThat(buffers.placeOf(UPDATED)).isEqualTo(2);
    assertThat(buffers.placeOf(FIRST)).isEqualTo(5);
    assertThat(buffers.placeOf(SECOND)).isEqualTo(6);
  }

  /** A slot of 5 elements may begin 63 bytes late; 24 bytes are one line. */
  @Test
  void workspaceIsAddedBehindTheSlots() {
    ProgramBuffers buffers = planned();
    Buffer own = buffers.workspace("own", DType.F64, List.of(Dim.constant(3)));
    assertThat(buffers.placeOf(own)).isEqualTo(6);
    assertThat(buffers.arenaBytes(64).evaluate(Map.of("B", 5))).isEqualTo(5 * 4 + 63 + 64);
  }

  @Test
  void aBufferOfNoPlaceIsNamed() {
    assertThatThrownBy(() -> planned().placeOf(buffer("nowhere", ROWS)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("buffer nowhere has no place in the program");
  }
}
