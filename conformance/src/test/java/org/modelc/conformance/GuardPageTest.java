package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.passes.Pipeline;
import org.modelc.runtime.spec.DType;
import org.modelc.testkit.random.RandomCase;
import org.modelc.testkit.random.RandomGraphs;

/**
 * Random graphs over buffers that end where memory ends: whoever reads or writes further ends the
 * process. The results are those over ordinary memory. {@link OpNativeTest} does the same for ops.
 */
@EnabledOnOs(OS.LINUX)
class GuardPageTest {
  private static final int RANDOM_GRAPHS = 20;

  static List<IsaLevel> levels() {
    return NativeLibrary.runnable();
  }

  @Test
  void memoryBeyondTheEndFaults() {
    ByteBuffer region = GuardedMemory.region(2);
    region.put(2 * GuardedMemory.page() - 1, (byte) 7);
    assertThat(region.get(2 * GuardedMemory.page() - 1)).isEqualTo((byte) 7);
    assertThatThrownBy(() -> readAgainAndAgain(region)).isInstanceOf(InternalError.class);
  }

  /** Java learns of the fault a little later than it happens. */
  private static void readAgainAndAgain(ByteBuffer region) {
    for (int i = 0; i < 1000; i++) {
      region.get(2 * GuardedMemory.page());
      Thread.yield();
    }
  }

  @ParameterizedTest
  @MethodSource("levels")
  void programsStayInsideTheirBuffers(IsaLevel level) {
    List<Graph> graphs = new ArrayList<>();
    List<List<Array>> inputs = new ArrayList<>();
    for (int seed = 1; seed <= RANDOM_GRAPHS; seed++) {
      RandomCase random = RandomGraphs.make(seed, DType.F32);
      graphs.add(random.graph());
      inputs.add(random.inputs());
    }
    List<NativeProgram> programs = NativeProgram.compileUnaligned(graphs, Pipeline.TRAINING, level);
    GuardedMemory memory = new GuardedMemory();
    for (int i = 0; i < programs.size(); i++) {
      memory.reset();
      List<Array> guarded = programs.get(i).run(inputs.get(i), 1, memory);
      List<Array> ordinary = programs.get(i).run(inputs.get(i), 1);
      assertThat(guarded).as("%s", graphs.get(i)).isEqualTo(ordinary);
    }
  }
}
