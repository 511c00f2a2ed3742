package org.modelc.compiler;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.compiler.program.CudaBuild;
import org.modelc.compiler.program.NativeBuild;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.nativecode.NativeLibrary;
import org.modelc.runtime.spec.NativeSpec;

/**
 * What a jar carries of native code.
 *
 * @param spec what its manifest says; null if there is none
 * @param libraries shared libraries by resource name, and what goes with code of GPUs
 */
record NativeJarParts(NativeSpec spec, Map<String, byte[]> libraries) {
  /** The native code of a compilation for the platforms that its options name. */
  static NativeJarParts of(Compilation compilation) {
    CudaBuild cuda = compilation.programs().cudaBuild();
    if (cuda != null) {
      List<NativePlatform> platforms = platforms(compilation.options().platforms());
      return new NativeJarParts(null, cuda.resources(platforms));
    }
    NativeBuild build = compilation.programs().nativeBuild();
    if (build == null) {
      return new NativeJarParts(null, Map.of());
    }
    List<NativePlatform> platforms = platforms(compilation.options().platforms());
    Map<String, byte[]> libraries = new TreeMap<>();
    for (NativePlatform platform : platforms) {
      String name = NativeLibrary.resource(compilation.model().name(), platform.text());
      libraries.put(name, build.library(platform));
    }
    return new NativeJarParts(build.spec(platforms), libraries);
  }

  /** The libraries and other entries of a jar. */
  Map<String, byte[]> with(Map<String, byte[]> others) {
    Map<String, byte[]> all = new TreeMap<>(libraries);
    all.putAll(others);
    return all;
  }

  /**
   * Platforms by name.
   *
   * @param names empty for this machine's
   * @throws ModelcException if there is none of a name
   */
  static List<NativePlatform> platforms(List<String> names) {
    try {
      return names.isEmpty()
          ? List.of(NativePlatform.host())
          : names.stream().map(NativePlatform::of).toList();
    } catch (IllegalArgumentException unknown) {
      throw new ModelcException(unknown.getMessage(), "give names separated by commas", unknown);
    }
  }
}
