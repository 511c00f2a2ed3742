package org.modelc.codegen.llvm.toolchain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.NativePlatform;

/** Libraries of every platform, made on this one, by what their headers say. */
class LibraryFormatTest {
  private static final LlvmToolchain TOOLCHAIN = new LlvmToolchain();
  private static final List<String> METHODS = List.of("level", "select", "address", "run");

  private static ByteBuffer library(NativePlatform platform) {
    String text =
        "define i32 @nothing(ptr %env, ptr %frame, i32 %worker, i32 %workers) { ret i32 0 }";
    IsaLevel least = platform.levels().get(0);
    String glue = NativeGlue.text(platform, "acme.Net", List.of(List.of("nothing")), true);
    byte[] bytes =
        TOOLCHAIN.library(
            List.of(
                TOOLCHAIN.object(text, platform.target(least)), TOOLCHAIN.baseline(glue, platform)),
            platform);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @ParameterizedTest
  @EnumSource(NativePlatform.class)
  void nativeMethodsAreExported(NativePlatform platform) {
    String text = StandardCharsets.ISO_8859_1.decode(library(platform)).toString();
    for (String method : METHODS) {
      assertThat(text).contains("Java_acme_Net_" + method);
    }
    assertThat(text).doesNotContain("modelc_barrier");
  }

  /** Source: System V ABI, ELF header: type at 16 (3 is shared), machine at 18 (62, 183). */
  @Test
  void linuxLibrariesAreElfOfTheirMachine() {
    assertThat(elf(NativePlatform.LINUX_X86_64)).containsExactly(0x464c457f, 3, 62);
    assertThat(elf(NativePlatform.LINUX_AARCH64)).containsExactly(0x464c457f, 3, 183);
  }

  private static int[] elf(NativePlatform platform) {
    ByteBuffer library = library(platform);
    return new int[] {library.getInt(0), library.getShort(16), library.getShort(18)};
  }

  /** Symbols without a section (index 0) are undefined; the first of a table is always empty. */
  @Test
  void linuxLibrariesNeedNothingFromOutside() {
    for (NativePlatform platform :
        List.of(NativePlatform.LINUX_X86_64, NativePlatform.LINUX_AARCH64)) {
      ByteBuffer library = library(platform);
      int sections = (int) library.getLong(40);
      int undefined = 0;
      int defined = 0;
      for (int i = 0; i < library.getShort(60); i++) {
        int header = sections + i * library.getShort(58);
        if (library.getInt(header + 4) == 11) { // SHT_DYNSYM
          int at = (int) library.getLong(header + 24);
          int size = (int) library.getLong(header + 32);
          for (int symbol = at + 24; symbol < at + size; symbol += 24) {
            if (library.getShort(symbol + 6) == 0) {
              undefined++;
            } else {
              defined++;
            }
          }
        }
      }
      assertThat(undefined).as("%s", platform).isZero();
      assertThat(defined).as("%s", platform).isEqualTo(METHODS.size());
    }
  }

  /** Source: Apple's mach-o/loader.h: magic, CPU type, at 12 the file type (6 is a dylib). */
  @Test
  void macosLibrariesAreMachOOfTheirMachine() {
    assertThat(mach(NativePlatform.MACOS_X86_64)).containsExactly(0xfeedfacf, 0x01000007, 6);
    assertThat(mach(NativePlatform.MACOS_AARCH64)).containsExactly(0xfeedfacf, 0x0100000c, 6);
  }

  private static int[] mach(NativePlatform platform) {
    ByteBuffer library = library(platform);
    return new int[] {library.getInt(0), library.getInt(4), library.getInt(12)};
  }

  /**
   * Source: Microsoft's PE format: at 60 where the signature stands; behind it the machine, and 18
   * bytes on the characteristics, of which 0x2000 says DLL. The import table is the second entry of
   * the data directories, which begin 112 bytes into the optional header.
   */
  @Test
  void windowsLibrariesArePortableExecutablesWithoutImports() {
    ByteBuffer library = library(NativePlatform.WINDOWS_X86_64);
    int signature = library.getInt(60);
    assertThat(library.getInt(signature)).isEqualTo(0x4550);
    assertThat(library.getShort(signature + 4) & 0xffff).isEqualTo(0x8664);
    assertThat(library.getShort(signature + 22) & 0x2000).isEqualTo(0x2000);
    assertThat(library.getInt(signature + 24 + 112 + 8)).isZero();
  }
}
