package org.modelc.codegen.llvm.toolchain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.modelc.codegen.llvm.NativePlatform;

/**
 * What a library holds beside its programs: the native methods of a class that extends {@code
 * NativeCode}, the barrier, and the question what the CPU can run. Compiled for any CPU of the
 * architecture, since it is asked before anything is known.
 */
public final class NativeGlue {
  private NativeGlue() {}

  /**
   * The module's text.
   *
   * @param className the binary name of the class with the native methods
   * @param symbols for each program, the symbols of its levels in order; equally many for each, and
   *     the same one more than once where levels share the code
   * @param hasTiles whether a level is among them for which a process asks its system; others do
   *     not change the process
   */
  public static String text(
      NativePlatform platform, String className, List<List<String>> symbols, boolean hasTiles) {
    List<String> functions = new ArrayList<>();
    Set<String> known = new HashSet<>();
    StringBuilder declarations = new StringBuilder();
    for (List<String> levels : symbols) {
      for (String symbol : levels) {
        functions.add("ptr @" + symbol);
        if (!known.add(symbol)) {
          continue;
        }
        declarations.append("declare i32 @").append(symbol).append("(ptr, ptr, i32, i32)\n");
      }
    }
    String glue =
        resource("glue")
            .replace("${CLASS}", mangled(className))
            .replace("${COUNT}", Integer.toString(functions.size()))
            .replace("${FUNCTIONS}", String.join(", ", functions))
            .replace("${LEVELS}", Integer.toString(symbols.get(0).size()));
    boolean arm = platform.triple().startsWith("aarch64") || platform.triple().startsWith("arm64");
    if (platform.format() == NativePlatform.Format.PE) {
      // Windows' linker asks for it wherever floating point is used.
      declarations.append("@_fltused = global i32 0\n");
    }
    return declarations
        + glue
        + resource("team").replace("${PAUSE}", arm ? "isb" : "pause")
        + (arm ? resource("cpu-aarch64") : cpu(hasTiles && platform.asksForTiles()));
  }

  /** The function {@code modelc_cpu_level} for x86-64. */
  static String cpu(boolean hasTiles) {
    return resource("cpu-x86_64") + resource(hasTiles ? "tiles-linux" : "tiles-none");
  }

  static String resource(String name) {
    try (InputStream in = NativeGlue.class.getResourceAsStream(name + ".ll")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A class name as JNI writes it in symbols. Source: Java Native Interface Specification, chapter
   * 2, "Resolving Native Method Names".
   */
  static String mangled(String className) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < className.length(); i++) {
      char c = className.charAt(i);
      if (c == '.') {
        text.append('_');
      } else if (c == '_') {
        text.append("_1");
      } else if (c < 128 && Character.isLetterOrDigit(c)) {
        text.append(c);
      } else {
        text.append(String.format("_0%04x", (int) c));
      }
    }
    return text.toString();
  }
}
