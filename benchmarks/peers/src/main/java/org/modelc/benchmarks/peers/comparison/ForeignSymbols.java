package org.modelc.benchmarks.peers.comparison;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Symbols that a library asks of glibc and musl does not have: musl binds all symbols when it
 * loads, so that one is enough for a library not to load. Found with {@code nm}.
 */
final class ForeignSymbols {
  private static final Path MUSL = Path.of("/lib/ld-musl-x86_64.so.1");

  private ForeignSymbols() {}

  /** Whether there is a musl to compare with. */
  static boolean canTell() {
    return Files.exists(MUSL) && Files.exists(Path.of("/usr/bin/nm"));
  }

  /** The symbols of several libraries, in order. */
  static Set<String> of(List<Path> libraries) {
    Set<String> there = new HashSet<>();
    for (String line : run("--defined-only", MUSL)) {
      there.add(line.substring(line.lastIndexOf(' ') + 1));
    }
    Set<String> missing = new TreeSet<>();
    for (Path library : libraries) {
      for (String line : run("--undefined-only", library)) {
        String symbol = line.strip();
        int version = symbol.indexOf("@GLIBC_");
        if (version > 0 && symbol.startsWith("U ")) {
          String name = symbol.substring(2, version).replace("@", "");
          if (!there.contains(name)) {
            missing.add(name);
          }
        }
      }
    }
    return missing;
  }

  private static List<String> run(String which, Path library) {
    try {
      Process nm =
          new ProcessBuilder("nm", "-D", which, library.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new String(nm.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
