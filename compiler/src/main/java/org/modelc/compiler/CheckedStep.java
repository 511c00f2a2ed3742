package org.modelc.compiler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.compiler.program.ClassNames;
import org.modelc.compiler.program.CompiledPrograms;
import org.modelc.compiler.program.ProgramCompiler;
import org.modelc.compiler.program.ProgramStages;
import org.modelc.ir.graph.Graph;
import org.modelc.passes.FirstNonFinite;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Program;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.train.StepCheck;

/** The checking variant of a compilation's training step, compiled when a step goes wrong. */
final class CheckedStep implements StepCheck {
  private final Compilation compilation;
  private FirstNonFinite check;
  private CompiledPrograms compiled;

  CheckedStep(Compilation compilation) {
    this.compilation = compilation;
  }

  @Override
  public Frame frame(Map<String, Tensor> tensors) {
    if (compiled == null) {
      compile();
    }
    Map<String, Tensor> all = new HashMap<>();
    tensors.forEach((name, tensor) -> all.put(name, tensor.isDirect() ? tensor.copy() : tensor));
    all.putAll(compiled.constants());
    ProgramAbi abi = compiled.abis().get(compiled.abis().size() - 1);
    return Frame.of(new Program(abi, compiled.of(abi)), all);
  }

  private void compile() {
    Graph step =
        compilation.stages().stream()
            .filter(stages -> stages.name().equals("train"))
            .findFirst()
            .orElseThrow()
            .graph();
    check = FirstNonFinite.of(step);
    ClassNames names = new ClassNames("", compilation.model().name());
    List<ProgramStages> stages =
        new ProgramCompiler(names, Backend.JVM).training(check.graph()).programs();
    compiled = CompiledPrograms.of(stages, Map.of(), names, Backend.JVM);
  }

  @Override
  public String tell(int first) {
    return check.tell(first);
  }
}
