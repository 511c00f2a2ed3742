package org.modelc.codegen.cuda.nvrtc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A shared library of Linux on x86-64 that has a name and nothing else: it stands in where another
 * library wants to be linked with one that is not there and that nobody will call.
 *
 * <p>Source: System V ABI, "Object Files" and "Program Loading and Dynamic Linking".
 */
final class EmptyLibrary {
  private static final int HEADER = 64;
  private static final int SEGMENT = 56;
  private static final int SEGMENTS = 3;
  private static final int ENTRY = 16;

  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;

  /** Says that the stack need not be executable. */
  private static final int PT_GNU_STACK = 0x6474e551;

  private static final int READ = 4;
  private static final int WRITE = 2;
  private static final int PAGE = 4096;

  private static final long DT_HASH = 4;
  private static final long DT_STRTAB = 5;
  private static final long DT_SYMTAB = 6;
  private static final long DT_STRSZ = 10;
  private static final long DT_SYMENT = 11;
  private static final long DT_SONAME = 14;
  private static final int SYMBOL = 24;

  /** One bucket and one chain, of the undefined symbol. */
  private static final int HASH = 16;

  private EmptyLibrary() {}

  /** Loads an empty library of this name into the process. */
  static void load(String name) throws IOException {
    Path folder = Files.createTempDirectory("modelc-stub");
    Path file = Files.write(folder.resolve(name), bytes(name));
    System.load(file.toAbsolutePath().toString());
    Files.delete(file);
    Files.delete(folder);
  }

  static byte[] bytes(String name) {
    byte[] text = name.getBytes(StandardCharsets.US_ASCII);
    int dynamic = HEADER + SEGMENTS * SEGMENT;
    int symbols = dynamic + 7 * ENTRY;
    int hash = symbols + SYMBOL;
    int strings = hash + HASH;
    int end = strings + text.length + 2;
    ByteBuffer out = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
    header(out);
    segment(out, PT_LOAD, 0, end, PAGE);
    segment(out, PT_DYNAMIC, dynamic, symbols - dynamic, Long.BYTES);
    segment(out, PT_GNU_STACK, 0, 0, 0);
    entry(out, DT_SONAME, 1);
    entry(out, DT_HASH, hash);
    entry(out, DT_STRTAB, strings);
    entry(out, DT_SYMTAB, symbols);
    entry(out, DT_STRSZ, text.length + 2L);
    entry(out, DT_SYMENT, SYMBOL);
    entry(out, 0, 0);
    out.position(hash);
    out.putInt(1).putInt(1).putInt(0).putInt(0);
    out.position(strings + 1);
    out.put(text);
    return out.array();
  }

  private static void header(ByteBuffer out) {
    // Magic number; 64 bits, little-endian, version 1, System V.
    out.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
    // A shared object for x86-64.
    out.putShort((short) 3).putShort((short) 62).putInt(1);
    out.putLong(0).putLong(HEADER).putLong(0).putInt(0);
    out.putShort((short) HEADER).putShort((short) SEGMENT).putShort((short) SEGMENTS);
    out.putShort((short) 0).putShort((short) 0).putShort((short) 0);
  }

  private static void segment(ByteBuffer out, int type, int offset, int bytes, int alignment) {
    out.putInt(type).putInt(READ | WRITE);
    out.putLong(offset).putLong(offset).putLong(offset);
    out.putLong(bytes).putLong(bytes).putLong(alignment);
  }

  private static void entry(ByteBuffer out, long tag, long value) {
    out.putLong(tag).putLong(value);
  }
}
