package org.modelc.runtime.nativecode;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.modelc.runtime.ModelFiles;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.spec.NativeSpec.LevelSpec;

/**
 * Brings a model's library from its jar into the process: checks the checksum, writes a file that
 * no other class loader uses, loads it, deletes the file.
 */
public final class NativeLibrary {
  /**
   * The system property that says whether and where: {@code off} runs bytecode; anything else is
   * the folder that libraries are written to, in place of the one for temporary files.
   */
  public static final String PROPERTY = "modelc.native";

  /** The system property that names the best instruction-set level to use, or {@code none}. */
  public static final String LEVEL_PROPERTY = "modelc.native.level";

  private static final Set<String> SAID = new HashSet<>();

  private final String model;
  private final ModelFiles files;
  private final String platform = platform();

  NativeLibrary(String model, ModelFiles files) {
    this.model = model;
    this.files = files;
  }

  static boolean isOff() {
    return "off".equals(System.getProperty(PROPERTY));
  }

  /** This process's platform, such as {@code linux-x86_64}. */
  public static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String name = system.startsWith("mac") ? "macos" : system;
    name = system.startsWith("win") ? "windows" : name;
    String architecture = System.getProperty("os.arch");
    return name + "-" + (architecture.equals("amd64") ? "x86_64" : architecture);
  }

  /** The resource name of a model's library. */
  public static String resource(String model, String platform) {
    return ModelResources.FOLDER + model + "-" + platform + suffix(platform);
  }

  private static String suffix(String platform) {
    if (platform.startsWith("windows")) {
      return ".dll";
    }
    return platform.startsWith("macos") ? ".dylib" : ".so";
  }

  /**
   * Loads the library and selects a level.
   *
   * @param levels in the library; null if there is none for this platform
   * @return the level's number, from 1; 0 if bytecode must do
   */
  int load(NativeCode code, List<LevelSpec> levels) {
    if (levels == null) {
      return without(
          "has no native code for " + platform, "build it with --platform " + platform + ",…");
    }
    byte[] bytes = files.read(resource(model, platform));
    String folder = System.getProperty(PROPERTY, System.getProperty("java.io.tmpdir"));
    try {
      load(code, bytes, folder);
    } catch (IOException | LinkageError | RuntimeException e) {
      String reason = e instanceof IOException ? "no library can be written to " : "";
      return without(
          "cannot load its native code: " + reason + (reason.isEmpty() ? "" : folder + ": ") + e,
          "name a folder that programs may be run from: -D" + PROPERTY + "=FOLDER");
    }
    return select(code, levels);
  }

  private void load(NativeCode code, byte[] bytes, String folder) throws IOException {
    boolean windows = platform.startsWith("windows");
    if (windows) {
      deleteStale(Path.of(folder));
    }
    File file = newFile(folder);
    try {
      try (OutputStream out = new FileOutputStream(file)) {
        out.write(bytes);
      }
      code.load(file.getPath());
    } finally {
      if (!windows && !file.delete()) {
        file.deleteOnExit();
      }
    }
  }

  /**
   * A new file; File.createTempFile would start a random generator, which takes longer than all.
   */
  private File newFile(String folder) throws IOException {
    long unique = System.nanoTime();
    File file;
    do {
      String name = "modelc-" + Long.toHexString(unique++) + suffix(platform);
      file = new File(folder, name).getAbsoluteFile();
    } while (!file.createNewFile());
    return file;
  }

  /** Windows keeps a loaded library's file; the next process deletes those of processes gone. */
  private static void deleteStale(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "modelc-*.dll")) {
      for (Path file : files) {
        try {
          Files.deleteIfExists(file);
        } catch (IOException inUse) {
          // Another process runs it.
        }
      }
    }
  }

  private int select(NativeCode code, List<LevelSpec> levels) {
    int best = Math.min(code.level(), levels.size());
    String wanted = System.getProperty(LEVEL_PROPERTY);
    if (wanted != null) {
      best = Math.min(best, named(levels, wanted));
    }
    if (best < 1) {
      return without(
          "needs a CPU with " + levels.get(0).name() + " for its native code",
          "run it on a newer one");
    }
    code.select(best);
    return best;
  }

  private static int named(List<LevelSpec> levels, String name) {
    for (int i = 0; i < levels.size(); i++) {
      if (levels.get(i).name().equals(name)) {
        return i + 1;
      }
    }
    return 0;
  }

  private int without(String reason, String hint) {
    String text =
        "model "
            + model
            + " "
            + reason
            + "; running bytecode, which is slower ("
            + hint
            + "; -D"
            + PROPERTY
            + "=off runs bytecode without this warning)";
    synchronized (SAID) {
      if (SAID.add(text)) {
        System.getLogger("org.modelc.runtime").log(System.Logger.Level.WARNING, text);
      }
    }
    return 0;
  }
}
