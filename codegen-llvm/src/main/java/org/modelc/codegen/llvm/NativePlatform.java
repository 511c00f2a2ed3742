package org.modelc.codegen.llvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Operating systems and architectures that libraries are made for, from any of them. */
public enum NativePlatform {
  LINUX_X86_64("x86_64-unknown-linux-gnu", Format.ELF, true),
  LINUX_AARCH64("aarch64-unknown-linux-gnu", Format.ELF, false),
  MACOS_X86_64("x86_64-apple-macosx11.0.0", Format.MACH_O, true),
  MACOS_AARCH64("arm64-apple-macosx11.0.0", Format.MACH_O, false),
  WINDOWS_X86_64("x86_64-pc-windows-msvc", Format.PE, true);

  /** Formats of shared libraries. */
  public enum Format {
    ELF,
    MACH_O,
    PE
  }

  private final String triple;
  private final Format format;
  private final boolean x86;

  NativePlatform(String triple, Format format, boolean x86) {
    this.triple = triple;
    this.format = format;
    this.x86 = x86;
  }

  /** The name users give, such as {@code linux-x86_64}. */
  public String text() {
    int dash = name().indexOf('_');
    String system = name().substring(0, dash).toLowerCase(Locale.ROOT);
    return system + "-" + name().substring(dash + 1).toLowerCase(Locale.ROOT);
  }

  /** LLVM's target triple. */
  public String triple() {
    return triple;
  }

  /** The format of its shared libraries. */
  public Format format() {
    return format;
  }

  /** The instruction sets that a library for it carries, the least first. */
  public List<IsaLevel> levels() {
    if (!x86) {
      return List.of(IsaLevel.NEON);
    }
    List<IsaLevel> anywhere =
        List.of(
            IsaLevel.X86_64_V2, IsaLevel.X86_64_V3, IsaLevel.X86_64_V4, IsaLevel.X86_64_V4_VNNI);
    List<IsaLevel> levels = new ArrayList<>(anywhere);
    if (asksForTiles()) {
      levels.add(IsaLevel.X86_64_V4_AMX);
    }
    return List.copyOf(levels);
  }

  /** Whether processes ask the system for AMX's registers in a way that libraries know. */
  public boolean asksForTiles() {
    return this == LINUX_X86_64;
  }

  /** What code for one of its instruction sets may rely on, with caches as most machines have. */
  public TargetDescription target(IsaLevel level) {
    if (!levels().contains(level)) {
      throw new IllegalArgumentException(text() + " has no " + level + ", it has " + levels());
    }
    return new TargetDescription(triple, level, 32 << 10, 1 << 20);
  }

  /**
   * The platform of a name that a user gave.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static NativePlatform of(String text) {
    for (NativePlatform platform : values()) {
      if (platform.text().equals(text)) {
        return platform;
      }
    }
    StringBuilder known = new StringBuilder();
    for (NativePlatform platform : values()) {
      known.append(known.length() == 0 ? "" : ", ").append(platform.text());
    }
    throw new IllegalArgumentException("no platform " + text + "; there are " + known);
  }

  /**
   * The platform of this process.
   *
   * @throws IllegalArgumentException if libraries cannot be made for it
   */
  public static NativePlatform host() {
    return of(host(System.getProperty("os.name"), System.getProperty("os.arch")));
  }

  static String host(String system, String architecture) {
    String lower = system.toLowerCase(Locale.ROOT);
    String name = lower.startsWith("mac") ? "macos" : lower.startsWith("win") ? "windows" : lower;
    boolean x86 = architecture.equals("amd64") || architecture.equals("x86_64");
    return name + "-" + (x86 ? "x86_64" : architecture);
  }
}
