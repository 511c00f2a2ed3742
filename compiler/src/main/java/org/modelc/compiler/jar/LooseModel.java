package org.modelc.compiler.jar;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.compiler.program.ClassNames;
import org.modelc.compiler.typed.TypedClass;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.spec.Json;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.SpecCodec;

/**
 * A model jar's contents taken apart for a build that compiles the typed class itself, so that
 * editors can follow it and its documentation is part of the project's.
 *
 * @param className the typed class's binary name
 * @param source its Java source
 * @param resources everything else by entry name: manifest, parameters, model file, programs as
 *     class files
 */
public record LooseModel(String className, String source, Map<String, byte[]> resources) {
  private static final String CLASS = ".class";

  /** Takes a jar apart; the runtime's classes and the archive's own manifest are left out. */
  public static LooseModel of(ModelArchive jar) {
    return of(jar.model().manifest(), jar.entries());
  }

  /** As {@link #of(ModelArchive)}, under a publisher's terms; the jar's parameters are plain. */
  public static LooseModel of(ModelArchive jar, Publishing publishing) {
    if (publishing.equals(Publishing.NOTHING)) {
      return of(jar);
    }
    ModelJar published = ModelJar.of(jar).published(publishing);
    return of(published.manifest(), published.entries());
  }

  private static LooseModel of(ModelManifest manifest, Map<String, byte[]> entries) {
    String className = typedClass(manifest);
    int dot = className.lastIndexOf('.');
    String packageName = dot < 0 ? "" : className.substring(0, dot);
    String source = TypedClass.write(manifest, new ClassNames(packageName, manifest.name()));
    String typed = className.replace('.', '/');
    Map<String, byte[]> resources = new TreeMap<>();
    entries.forEach(
        (name, bytes) -> {
          boolean own = name.equals(typed + CLASS) || name.startsWith(typed + "$");
          boolean archive = name.startsWith(RuntimeClasses.FOLDER) || isArchiveFile(name);
          if (!own && !archive) {
            resources.put(name, bytes);
          }
        });
    Map<String, String> sums = new TreeMap<>(manifest.crc32());
    sums.keySet().retainAll(resources.keySet());
    String text = Json.write(SpecCodec.encode(ModelJar.withChecksums(manifest, sums)));
    resources.put(
        ModelResources.manifestOf(manifest.name()), text.getBytes(StandardCharsets.UTF_8));
    return new LooseModel(className, source, resources);
  }

  /** What describes the archive as a whole, which the project's own jar has for itself. */
  private static boolean isArchiveFile(String name) {
    boolean ofTheModel =
        name.startsWith(ModelResources.FOLDER)
            || name.startsWith("META-INF/native-image/")
            || name.startsWith("META-INF/sbom/");
    return name.startsWith("META-INF/") && !ofTheModel || name.endsWith("/");
  }

  private static String typedClass(ModelManifest manifest) {
    String program = manifest.programs().get(0).symbol();
    int dot = program.lastIndexOf('.');
    return program.substring(0, dot + 1) + manifest.name();
  }
}
