package org.modelc.codegen.llvm.toolchain;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.llvm.global.LLVM;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.runtime.ModelcException;

/** The linker that comes with LLVM, for libraries of every platform from any of them. */
final class LldLinker {
  /** The soname that lld asks for; the presets ship the library without the version. */
  private static final String LIBRARY = "libLLVM.so.20.1";

  byte[] link(List<byte[]> objects, NativePlatform platform) {
    Path directory = null;
    try {
      directory = Files.createTempDirectory("modelc-link");
      return link(objects, platform, directory);
    } catch (IOException e) {
      String place = System.getProperty("java.io.tmpdir");
      throw new ModelcException(
          "cannot link native code for " + platform.text() + " in " + place + ": " + e.getMessage(),
          "make room there, name another folder with -Djava.io.tmpdir=FOLDER, or take bytecode with"
              + " --backend jvm");
    } finally {
      delete(directory);
    }
  }

  private static byte[] link(List<byte[]> objects, NativePlatform platform, Path directory)
      throws IOException {
    List<String> command = new ArrayList<>();
    Collections.addAll(command, program().toString());
    command.addAll(arguments(platform));
    for (int i = 0; i < objects.size(); i++) {
      Path object = directory.resolve("part" + i + ".o");
      Files.write(object, objects.get(i));
      command.add(object.getFileName().toString());
    }
    run(command, directory, platform);
    return Files.readAllBytes(directory.resolve("library"));
  }

  private static List<String> arguments(NativePlatform platform) {
    return switch (platform.format()) {
      case ELF ->
          List.of(
              "-flavor",
              "gnu",
              "-shared",
              "-Bsymbolic",
              "--gc-sections",
              "--icf=all",
              "-s",
              "--no-undefined",
              "-z",
              "noexecstack",
              "-z",
              "relro",
              "--build-id=none",
              "-soname",
              "modelc",
              "-o",
              "library");
      case MACH_O ->
          List.of(
              "-flavor",
              "darwin",
              "-dylib",
              "-arch",
              platform == NativePlatform.MACOS_AARCH64 ? "arm64" : "x86_64",
              "-platform_version",
              "macos",
              "11.0",
              "11.0",
              "-install_name",
              "@rpath/modelc.dylib",
              "-dead_strip",
              "--icf=all",
              "-x",
              "-o",
              "library");
      case PE ->
          List.of(
              "-flavor",
              "link",
              "/dll",
              "/noentry",
              "/nodefaultlib",
              "/Brepro",
              "/noimplib",
              "/machine:x64",
              "/out:library");
    };
  }

  private static void run(List<String> command, Path directory, NativePlatform platform)
      throws IOException {
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int status;
    try {
      status = process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (status != 0) {
      String output = Files.readString(log, StandardCharsets.UTF_8).strip();
      throw new LlvmException("lld cannot link for " + platform.text() + ": " + output);
    }
  }

  /** The linker's file, unpacked from the presets' jar where that has not happened yet. */
  private static synchronized Path program() throws IOException {
    Loader.load(LLVM.class);
    boolean windows = File.separatorChar == '\\';
    String name = windows ? "lld.exe" : "lld";
    String resource = "/org/bytedeco/llvm/" + Loader.getPlatform() + "/" + name;
    File file = Loader.cacheResource(LLVM.class, resource);
    if (file == null) {
      throw new IOException("there is no " + resource + " on the class path");
    }
    if (!file.canExecute() && !file.setExecutable(true)) {
      throw new IOException("cannot make " + file + " executable");
    }
    Path wanted = file.toPath().resolveSibling(LIBRARY);
    if (!windows && !Files.exists(wanted)) {
      linkLibrary(wanted);
    }
    return file.toPath();
  }

  private static void linkLibrary(Path wanted) throws IOException {
    try {
      Files.createSymbolicLink(wanted, Path.of("libLLVM.so"));
    } catch (FileAlreadyExistsException e) {
      // Another process made it meanwhile.
    }
  }

  private static void delete(Path directory) {
    if (directory == null) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // What stays is a file in the temporary directory.
    }
  }
}
