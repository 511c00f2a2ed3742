package org.modelc.compiler.jar;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.FormatException;
import org.modelc.runtime.Model;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Safetensors;

/** A model jar read into memory: its file may be replaced while the model is in use. */
public final class ModelArchive {
  private final Path path;
  private final Map<String, byte[]> entries;
  private final String name;
  private final Model model;

  private ModelArchive(Path path, Map<String, byte[]> entries) {
    this.path = path;
    this.entries = entries;
    this.name = modelName(path, entries);
    this.model = Model.load(new EntryLoader(), name);
    verify();
  }

  /**
   * Reads a jar and loads its model.
   *
   * @throws ModelcException if the file is missing, damaged, no model jar, or from a newer version
   */
  public static ModelArchive open(Path path) {
    return new ModelArchive(path, entries(path));
  }

  /** The entries of a jar, nothing of it loaded. */
  static Map<String, byte[]> entries(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new ModelcException(
          path + (Files.exists(path) ? " is no file" : ": no such file"),
          "modelc train FILE makes a jar in build/");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return read(path, in);
    } catch (ZipException damaged) {
      throw new FormatException(
          path + " is damaged: " + damaged.getMessage(), "make the jar again", damaged);
    } catch (IOException unreadable) {
      throw new ModelcException(
          path + " cannot be read: " + unreadable.getMessage(), "", unreadable);
    }
  }

  private static Map<String, byte[]> read(Path path, InputStream in) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    } catch (java.io.EOFException truncated) {
      throw new FormatException(path + " is cut off", "make the jar again", truncated);
    }
    return entries;
  }

  static String modelName(Path path, Map<String, byte[]> entries) {
    List<String> names = new ArrayList<>();
    for (String entry : entries.keySet()) {
      boolean inFolder = entry.lastIndexOf('/') == ModelResources.FOLDER.length() - 1;
      if (inFolder && entry.startsWith(ModelResources.FOLDER) && entry.endsWith(".json")) {
        names.add(entry.substring(ModelResources.FOLDER.length(), entry.length() - 5));
      }
    }
    if (names.size() != 1) {
      throw new FormatException(
          path + (names.isEmpty() ? " holds no model" : " holds several models: " + names),
          "a jar made by modelc has one " + ModelResources.manifestOf("NAME"));
    }
    return names.get(0);
  }

  private void verify() {
    model.manifest().crc32().forEach(this::verify);
  }

  private void verify(String entry, String expected) {
    byte[] bytes = entries.get(entry);
    if (bytes == null) {
      throw new FormatException(path + " lacks " + entry, "make the jar again");
    }
    String actual = Safetensors.crc32(bytes);
    if (!actual.equals(expected)) {
      throw new FormatException(
          path
              + " is damaged: the checksum of "
              + entry
              + " is "
              + actual
              + ", its manifest says "
              + expected,
          "make the jar again");
    }
  }

  /** Where the jar was read from. */
  public Path path() {
    return path;
  }

  /** The model with the jar's parameters. */
  public Model model() {
    return model;
  }

  /** The model file's text that the jar was made from. */
  public String source() {
    return new String(entries.get(ModelResources.sourceOf(name)), StandardCharsets.UTF_8);
  }

  /**
   * The jar's size in bytes without the runtime's classes, as if it had been written without them.
   */
  public double sizeWithoutRuntime() {
    JarContents contents = ModelJar.described(model.manifest());
    entries.forEach(
        (entry, bytes) -> {
          boolean own = !entry.equals(java.util.jar.JarFile.MANIFEST_NAME);
          if (own && !entry.startsWith(RuntimeClasses.FOLDER)) {
            contents.put(entry, bytes);
          }
        });
    return contents.size();
  }

  /** Every entry's bytes by name; to be read only. */
  public Map<String, byte[]> entries() {
    return java.util.Collections.unmodifiableMap(entries);
  }

  /** The bytes of an entry, or null. */
  public byte[] entry(String entry) {
    return entries.get(entry);
  }

  /** Takes generated classes from the jar and the runtime from the process. */
  private final class EntryLoader extends ClassLoader {
    EntryLoader() {
      super(CompiledProgram.class.getClassLoader());
    }

    @Override
    public InputStream getResourceAsStream(String resource) {
      byte[] bytes = entries.get(resource);
      return bytes == null ? super.getResourceAsStream(resource) : new ByteArrayInputStream(bytes);
    }

    @Override
    protected Class<?> findClass(String type) throws ClassNotFoundException {
      byte[] bytes = entries.get(type.replace('.', '/') + ".class");
      if (bytes == null) {
        throw new ClassNotFoundException(type);
      }
      return defineClass(type, bytes, 0, bytes.length);
    }
  }
}
