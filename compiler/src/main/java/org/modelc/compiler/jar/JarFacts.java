package org.modelc.compiler.jar;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.runtime.FormatException;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.SpecCodec;

/**
 * What a model jar says of itself, read without loading anything of it.
 *
 * @param path the jar
 * @param entries its contents
 * @param manifest the model's manifest
 * @param provenance where it comes from
 */
public record JarFacts(
    Path path, Map<String, byte[]> entries, ModelManifest manifest, Provenance provenance) {
  /**
   * Reads a jar.
   *
   * @throws org.modelc.runtime.ModelcException if it is missing, damaged, no model jar or from a
   *     newer version
   */
  public static JarFacts read(Path path) {
    Map<String, byte[]> entries = ModelArchive.entries(path);
    String name = ModelArchive.modelName(path, entries);
    ModelManifest manifest =
        SpecCodec.readManifest(text(path, entries, ModelResources.manifestOf(name)));
    String provenance = text(path, entries, Provenance.resourceOf(name));
    return new JarFacts(path, entries, manifest, Provenance.decode(provenance));
  }

  private static String text(Path path, Map<String, byte[]> entries, String name) {
    byte[] bytes = entries.get(name);
    if (bytes == null) {
      throw new FormatException(path + " lacks " + name, "make the jar again");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Everything but the model's own parameters and functions, for people. */
  public String text() {
    StringBuilder text = new StringBuilder();
    section(text, "provenance", provenance.encode());
    section(text, "terms", lines(new TreeMap<>(manifest.terms())));
    section(text, "measures", measures());
    section(text, "platforms", platforms());
    section(text, "memory of a session, beside the caller's arrays", memory());
    section(text, "signature", signature());
    section(text, "contents", contents());
    return text.toString();
  }

  private static void section(StringBuilder text, String title, String body) {
    text.append(title).append('\n').append(body.isEmpty() ? "  none\n" : body.indent(2));
    text.append('\n');
  }

  private static String lines(Map<String, String> rows) {
    StringBuilder text = new StringBuilder();
    rows.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }

  private String measures() {
    StringBuilder text = new StringBuilder();
    manifest
        .metrics()
        .forEach(
            (rows, values) ->
                values.forEach(
                    (name, value) ->
                        text.append(
                            String.format(Locale.ROOT, "%-12s %-16s %.4f%n", rows, name, value))));
    return text.toString();
  }

  private String platforms() {
    StringBuilder text = new StringBuilder("any, as Java bytecode\n");
    entries.keySet().stream()
        .filter(name -> name.endsWith(".so") || name.endsWith(".dll") || name.endsWith(".dylib"))
        .forEach(name -> text.append(name).append('\n'));
    return text.toString();
  }

  private String memory() {
    StringBuilder text = new StringBuilder();
    SessionMemory.of(manifest).forEach(each -> text.append(each.line()).append('\n'));
    return text.toString();
  }

  /** Who has signed is for {@code modelc verify} to find out. */
  private String signature() {
    List<String> files =
        entries.keySet().stream().filter(name -> name.matches("META-INF/[^/]+\\.SF")).toList();
    return files.isEmpty() ? "" : String.join("\n", files) + "\n(modelc verify checks it)";
  }

  private String contents() {
    StringBuilder text = new StringBuilder();
    long runtime = 0;
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      if (entry.getKey().startsWith(RuntimeClasses.FOLDER)) {
        runtime += entry.getValue().length;
      } else {
        text.append(
            String.format(Locale.ROOT, "%,12d  %s%n", entry.getValue().length, entry.getKey()));
      }
    }
    if (runtime > 0) {
      text.append(String.format(Locale.ROOT, "%,12d  the runtime's classes%n", runtime));
    }
    return text.toString();
  }
}
