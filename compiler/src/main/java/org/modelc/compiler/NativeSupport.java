package org.modelc.compiler;

import java.util.Locale;

/** Whether LLVM can be used in this process; asked without loading it. */
final class NativeSupport {
  private NativeSupport() {}

  static boolean present() {
    String library = "org/bytedeco/llvm/" + preset() + "/";
    ClassLoader loader = NativeSupport.class.getClassLoader();
    return loader.getResource(library + "libjniLLVM.so") != null
        || loader.getResource(library + "libjniLLVM.dylib") != null
        || loader.getResource(library + "jniLLVM.dll") != null;
  }

  /** The presets' name of this platform. */
  private static String preset() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String name = system.startsWith("mac") ? "macosx" : system;
    name = system.startsWith("win") ? "windows" : name;
    String architecture = System.getProperty("os.arch");
    boolean x86 = architecture.equals("amd64") || architecture.equals("x86_64");
    return name + "-" + (x86 ? "x86_64" : "arm64");
  }
}
