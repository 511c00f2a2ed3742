package org.modelc.dsl.elaborate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.modelc.dsl.ast.ModelFile;
import org.modelc.dsl.parse.ParseResult;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.ir.diagnostic.SourceText;

/** The layers and functions that come with the language, written in it. */
public final class StandardLibrary {
  private static final String FOLDER = "/org/modelc/dsl/stdlib/";
  private static final List<String> NAMES =
      List.of(
          "dense", "convolution", "attention", "normalization", "shapes", "losses", "initializers");

  private StandardLibrary() {}

  /** Loaded once, at first use. */
  private static final class Loaded {
    private static final List<ModelFile> FILES = load();
  }

  /** Its files. */
  public static List<ModelFile> files() {
    return Loaded.FILES;
  }

  /**
   * Begins to read it on another thread, for a process that will need it once: half of a first
   * compilation's time is the parser's classes and this text.
   */
  public static void preload() {
    Thread reader = new Thread(StandardLibrary::files, "modelc-standard-library");
    reader.setDaemon(true);
    reader.start();
  }

  private static List<ModelFile> load() {
    List<ModelFile> files = new ArrayList<>();
    for (String name : NAMES) {
      String file = name + ".model";
      ParseResult result = SourceParser.parse(new SourceText("stdlib/" + file, read(file)));
      if (!result.isComplete()) {
        throw new IllegalStateException("standard library: " + result.diagnostics());
      }
      files.add(result.file());
    }
    return List.copyOf(files);
  }

  private static String read(String file) {
    try (InputStream in = StandardLibrary.class.getResourceAsStream(FOLDER + file)) {
      if (in == null) {
        throw new IllegalStateException("the standard library has no " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new IllegalStateException("cannot read the standard library's " + file, unreadable);
    }
  }
}
