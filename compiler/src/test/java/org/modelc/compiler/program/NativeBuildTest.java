package org.modelc.compiler.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;

class NativeBuildTest {
  private static final NativePlatform PLATFORM = NativePlatform.LINUX_X86_64;

  private static NativeBuild build() {
    String model =
        """
        model Line() {
            fn line(x: f32[B, 3]) -> f32[B, 2] {
                param weight: f32[3, 2] = zeros()
                x @ weight
            }
            export fn predict(x: f32[B, 3]) -> (score: f32[B, 2]) = (score: line(x))
        }
        """;
    return Compiler.compile(
            ModelSource.of("line.model", model, Path.of("")),
            CompileOptions.defaults().withBackend(Backend.NATIVE))
        .programs()
        .nativeBuild();
  }

  /** A training needs one level first, its jar all of them. */
  @Test
  void aLibraryIsTheSameWhateverWasCompiledBefore() {
    Assumptions.assumeTrue(
        CompileOptions.defaults().backend() == Backend.NATIVE, "LLVM for this machine");
    NativeBuild inParts = build();
    List<IsaLevel> levels = inParts.levels(PLATFORM);
    List<IsaLevel> best = levels.subList(levels.size() - 1, levels.size());
    byte[] one = inParts.library(PLATFORM, best);
    byte[] all = inParts.library(PLATFORM);
    assertThat(inParts.library(PLATFORM, best)).isEqualTo(one);
    assertThat(build().library(PLATFORM)).isEqualTo(all).isNotEqualTo(one);
  }
}
