package org.modelc.compiler.program;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.modelc.codegen.jvm.JavaCompilation;

/** Class files of which javac makes some on a thread of its own, while native code is made. */
final class PendingClasses {
  private final FutureTask<Map<String, byte[]>> classes;

  /**
   * @param ready class files by binary name
   * @param sources compilation units by the binary name of their public class
   */
  PendingClasses(Map<String, byte[]> ready, Map<String, String> sources) {
    this.classes =
        new FutureTask<>(
            () -> {
              Map<String, byte[]> all = new TreeMap<>(ready);
              if (!sources.isEmpty()) {
                all.putAll(JavaCompilation.compile(sources));
              }
              return all;
            });
    if (sources.isEmpty()) {
      classes.run();
    } else {
      Thread thread = new Thread(classes, "javac");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /**
   * All class files by binary name.
   *
   * @throws IllegalStateException if the sources do not compile: a bug of ours
   */
  Map<String, byte[]> get() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return classes.get();
        } catch (InterruptedException later) {
          interrupted = true;
        }
      }
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(failed.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
