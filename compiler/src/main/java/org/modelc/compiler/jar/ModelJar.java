package org.modelc.compiler.jar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.modelc.passes.compress.CompressProgram;
import org.modelc.runtime.AtomicFile;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.Safetensors;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.nativecode.NativePrograms;
import org.modelc.runtime.spec.Json;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.SpecCodec;

/**
 * A model jar in memory. Equal contents give equal bytes: entries are sorted, times fixed, and
 * nothing of the machine goes in.
 */
public final class ModelJar {
  /** The part of parameters that packing must leave at most, so that a cold start unpacks them. */
  private static final double WORTH = 2 / 3.0;

  private static final double WORTH_IF_SPARSE = 0.95;

  private static final String CLASS = ".class";

  private final ModelManifest manifest;
  private final String source;
  private final byte[] tensors;
  private final Map<String, byte[]> classes;
  private final Map<String, byte[]> resources;
  private final Provenance provenance;
  private final Map<String, byte[]> own = new TreeMap<>();

  /**
   * @param manifest the manifest, checksums yet to be filled in
   * @param source the model file's text
   * @param tensors parameters, states and constants by name
   * @param metadata goes into the safetensors file: what data taught before training
   * @param classes generated class files by binary name
   * @param resources further entries by name: native code, what compression did
   * @param provenance where the model comes from
   */
  public ModelJar(
      ModelManifest manifest,
      String source,
      Map<String, Tensor> tensors,
      Map<String, String> metadata,
      Map<String, byte[]> classes,
      Map<String, byte[]> resources,
      Provenance provenance) {
    this(manifest, source, bytes(tensors, metadata), classes, resources, provenance);
  }

  private ModelJar(
      ModelManifest manifest,
      String source,
      byte[] tensors,
      Map<String, byte[]> classes,
      Map<String, byte[]> resources,
      Provenance provenance) {
    this.source = source;
    this.tensors = tensors;
    this.classes = classes;
    this.resources = resources;
    this.provenance = provenance;
    String name = manifest.name();
    put(ModelResources.sourceOf(name), source);
    own.put(ModelResources.tensorsOf(name), tensors);
    classes.forEach((type, bytes) -> own.put(type.replace('.', '/') + CLASS, bytes));
    own.putAll(resources);
    put(Provenance.resourceOf(name), provenance.encode());
    own.put(ModelCard.resourceOf(name), ModelCard.write(manifest, provenance, source));
    own.put(SoftwareBill.resourceOf(name), SoftwareBill.write(manifest, provenance));
    own.putAll(Reachability.of(manifest));
    this.manifest = withChecksums(manifest);
    put(ModelResources.manifestOf(name), Json.write(SpecCodec.encode(this.manifest)));
    own.put("META-INF/LICENSE", license());
  }

  /** The jar that an archive with plain parameters was read from, without a bundled runtime. */
  static ModelJar of(ModelArchive archive) {
    ModelManifest manifest = archive.model().manifest();
    String name = manifest.name();
    Map<String, byte[]> classes = new TreeMap<>();
    Map<String, byte[]> resources = new TreeMap<>();
    archive
        .entries()
        .forEach(
            (entry, bytes) -> {
              if (entry.endsWith(CLASS)) {
                classes.put(entry.substring(0, entry.length() - CLASS.length()), bytes);
              } else if (entry.matches(
                  ModelResources.FOLDER + name + "(-[^/]+|/compression\\.json)")) {
                resources.put(entry, bytes);
              }
            });
    classes.keySet().removeIf(type -> type.startsWith(RuntimeClasses.FOLDER));
    String provenance =
        new String(archive.entry(Provenance.resourceOf(name)), StandardCharsets.UTF_8);
    return new ModelJar(
        manifest,
        archive.source(),
        archive.entry(ModelResources.tensorsOf(name)),
        classes,
        resources,
        Provenance.decode(provenance));
  }

  /** Every entry's bytes by name, the runtime's and the archive's manifest apart. */
  Map<String, byte[]> entries() {
    return java.util.Collections.unmodifiableMap(own);
  }

  private void put(String name, String text) {
    own.put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** This jar under a publisher's terms: a licence, a last day, encrypted parameters. */
  public ModelJar published(Publishing publishing) {
    Provenance stated = provenance.withTerms(publishing.licence(), publishing.intendedUse());
    ModelManifest under = copy(manifest, publishing.terms(stated.licence()), Map.of());
    byte[] sealed = publishing.sealed(manifest.name(), tensors);
    return new ModelJar(under, source, sealed, classes, resources, stated);
  }

  /** The manifest as it stands in the jar. */
  public ModelManifest manifest() {
    return manifest;
  }

  /** The jar's size in bytes without the bundled runtime, as requirements measure it. */
  public long sizeWithoutRuntime() {
    return contents(false).size();
  }

  /**
   * Writes the jar, whole or not at all.
   *
   * @param bundleRuntime whether the runtime's classes go in, so that the jar needs nothing beside
   *     it
   * @throws org.modelc.runtime.ModelcException if the place cannot be written
   */
  public void write(Path path, boolean bundleRuntime) {
    JarContents contents = contents(bundleRuntime);
    AtomicFile.write(
        path,
        new AtomicFile.Contents() {
          @Override
          public void writeTo(OutputStream out) throws IOException {
            contents.write(out);
          }
        });
  }

  private JarContents contents(boolean withRuntime) {
    JarContents contents = described(manifest);
    own.forEach(contents::put);
    if (withRuntime) {
      RuntimeClasses.read().forEach(contents::put);
      if (own.containsKey(
          ModelResources.FOLDER + manifest.name() + NativePrograms.DEVICE + ".launches")) {
        RuntimeClasses.readCuda().forEach(contents::put);
      }
    }
    return contents;
  }

  private ModelManifest withChecksums(ModelManifest plain) {
    Map<String, String> sums = new TreeMap<>();
    own.forEach((name, bytes) -> sums.put(name, Safetensors.crc32(bytes)));
    return withChecksums(plain, sums);
  }

  /** Whether a parameter is stored without its zeros; gaps between elements pack well. */
  private static boolean isSparse(ModelManifest manifest) {
    Set<String> names = new HashSet<>();
    manifest.parameters().forEach(parameter -> names.add(parameter.name()));
    return names.stream().anyMatch(name -> names.contains(CompressProgram.gapsOf(name)));
  }

  /** An archive with nothing in it but what its manifest says. */
  static JarContents described(ModelManifest manifest) {
    return new JarContents(isSparse(manifest) ? WORTH_IF_SPARSE : WORTH)
        .attribute("Created-By", "modelc " + manifest.compiler())
        .attribute("Modelc-Model", manifest.name())
        .attribute("Automatic-Module-Name", moduleName(manifest))
        .attribute("Enable-Native-Access", "ALL-UNNAMED");
  }

  /** The typed class's name: stable, and another one for each model. */
  private static String moduleName(ModelManifest manifest) {
    String program = manifest.programs().get(0).symbol();
    return program.substring(0, program.lastIndexOf('.') + 1) + manifest.name();
  }

  static ModelManifest withChecksums(ModelManifest plain, Map<String, String> sums) {
    return copy(plain, plain.terms(), sums);
  }

  private static ModelManifest copy(
      ModelManifest plain, Map<String, String> terms, Map<String, String> sums) {
    return new ModelManifest(
        plain.format(),
        plain.name(),
        plain.doc(),
        plain.compiler(),
        plain.backend(),
        plain.parameters(),
        plain.states(),
        plain.inputs(),
        plain.fitted(),
        plain.labels(),
        plain.functions(),
        plain.programs(),
        plain.nativeCode(),
        plain.data(),
        plain.recipe(),
        plain.targets(),
        plain.metrics(),
        plain.baselines(),
        terms,
        sums);
  }

  private static byte[] bytes(Map<String, Tensor> tensors, Map<String, String> metadata) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      new Safetensors(tensors, metadata).write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static byte[] license() {
    try (InputStream in = ModelJar.class.getResourceAsStream("LICENSE")) {
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
