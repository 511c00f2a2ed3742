package org.modelc.compiler.jar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.spec.Json;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi;

/**
 * What GraalVM's native-image cannot see by itself: programs that are loaded by name, records that
 * are read from JSON, the model's resources. Written to the documented format; not yet tried.
 */
final class Reachability {
  private static final String SPECS = RuntimeClasses.FOLDER + "/spec/";

  private Reachability() {}

  /** The metadata files by entry name. */
  static Map<String, byte[]> of(ModelManifest manifest) {
    String folder = "META-INF/native-image/org.modelc/" + manifest.name() + "/";
    Map<String, byte[]> files = new TreeMap<>();
    files.put(folder + "reflect-config.json", bytes(Json.pretty(classes(manifest))));
    files.put(folder + "resource-config.json", bytes(Json.pretty(resources())));
    if (manifest.nativeCode() != null) {
      files.put(folder + "jni-config.json", bytes(Json.pretty(calledFromNativeCode())));
    }
    return files;
  }

  /** Workers that wait at a barrier for long yield through the virtual machine. */
  private static List<Object> calledFromNativeCode() {
    // In an order of their own: that of Map.of changes from one virtual machine to the next.
    Map<String, Object> method = new LinkedHashMap<>();
    method.put("name", "pause");
    method.put("parameterTypes", List.of("int"));
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", "org.modelc.runtime.nativecode.NativeCode");
    entry.put("methods", List.of(method));
    return List.of(entry);
  }

  private static List<Object> classes(ModelManifest manifest) {
    TreeSet<String> names = new TreeSet<>();
    manifest.programs().stream().map(ProgramAbi::symbol).forEach(names::add);
    if (manifest.nativeCode() != null) {
      names.add(manifest.nativeCode().type());
    }
    for (String entry : RuntimeClasses.read().keySet()) {
      if (entry.startsWith(SPECS)) {
        names.add(entry.substring(0, entry.length() - ".class".length()).replace('/', '.'));
      }
    }
    List<Object> classes = new ArrayList<>();
    for (String name : names) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", name);
      entry.put("allDeclaredConstructors", true);
      entry.put("allDeclaredMethods", true);
      entry.put("allDeclaredFields", true);
      classes.add(entry);
    }
    return classes;
  }

  private static Map<String, Object> resources() {
    Map<String, Object> all = Map.of("pattern", ModelResources.FOLDER + ".*");
    return Map.of("resources", Map.of("includes", List.of(all)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
