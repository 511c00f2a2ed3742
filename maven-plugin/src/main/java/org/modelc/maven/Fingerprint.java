package org.modelc.maven;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.Digest;
import org.modelc.runtime.CompiledProgram;

/**
 * What a model was made from: equal fingerprints, equal models.
 *
 * @param parts hashes or values by what they are of, such as {@code data digits.csv}
 */
record Fingerprint(Map<String, String> parts) {
  private static final String COMPILER = compiler();

  Fingerprint {
    parts = new LinkedHashMap<>(parts);
  }

  /** Of everything that decides what a training gives. */
  static Fingerprint of(ModelUnit unit, BuildSettings settings) {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("compiler", COMPILER);
    parts.put("package", unit.options().packageName());
    parts.put("backend", unit.options().backend().toString());
    if (!unit.options().platforms().isEmpty()) {
      parts.put("platforms", String.join(",", unit.options().platforms()));
    }
    if (!unit.options().gpus().isEmpty()) {
      parts.put("gpus", String.join(",", unit.options().gpus()));
    }
    if (!unit.options().schedules().kernels().isEmpty()) {
      parts.put("schedules", Digest.of(unit.options().schedules().schedules().toString()));
    }
    if (settings.epochs() > 0) {
      parts.put("epochs", String.valueOf(settings.epochs()));
    }
    parts.put("model " + unit.file().getFileName(), Digest.of(unit.source().text().text()));
    for (Path data : unit.outline().dataPaths(unit.source().folder())) {
      parts.put("data " + shown(unit, data), Digest.of(data));
    }
    return new Fingerprint(parts);
  }

  private static String shown(ModelUnit unit, Path data) {
    Path folder = unit.source().folder();
    Path relative = data.startsWith(folder) ? folder.relativize(data) : data.getFileName();
    return relative.toString().replace('\\', '/');
  }

  /** The compiler's version and classes: a development version changes without a new number. */
  private static String compiler() {
    TreeSet<String> hashes = new TreeSet<>();
    for (Class<?> type :
        List.of(
            Compiler.class,
            CompiledProgram.class,
            org.modelc.ir.diagnostic.Diagnostic.class,
            org.modelc.dsl.parse.SourceParser.class,
            org.modelc.passes.Pipeline.class,
            org.modelc.codegen.jvm.JavaCompilation.class,
            org.modelc.codegen.llvm.LlvmBackend.class,
            org.modelc.codegen.cuda.CudaBackend.class,
            org.modelc.runtime.cuda.CudaCode.class,
            org.modelc.data.Readers.class)) {
      hashes.add(Digest.of(place(type)));
    }
    return Compiler.version() + " " + Digest.of(String.join("\n", hashes));
  }

  private static Path place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** What differs from an older one, such as {@code data digits.csv changed}. */
  List<String> changesSince(Fingerprint older) {
    List<String> changes = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(parts.keySet());
    names.addAll(older.parts.keySet());
    for (String name : names) {
      String now = parts.get(name);
      String then = older.parts.get(name);
      if (then == null) {
        changes.add(name + " is new");
      } else if (now == null) {
        changes.add(name + " is gone");
      } else if (!now.equals(then)) {
        changes.add(name + " changed");
      }
    }
    return changes;
  }
}
