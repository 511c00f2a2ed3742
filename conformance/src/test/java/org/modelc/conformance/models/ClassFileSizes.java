package org.modelc.conformance.models;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What of a class file is limited, read as chapter 4 of the Java Virtual Machine Specification
 * says.
 *
 * @param constants entries of the constant pool; at most 65,535
 * @param methods bytes of code by method name and descriptor; at most 65,535 each, of which HotSpot
 *     compiles at most 8,000
 */
record ClassFileSizes(int constants, Map<String, Integer> methods) {
  static ClassFileSizes of(byte[] classFile) {
    try {
      return read(new DataInputStream(new ByteArrayInputStream(classFile)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClassFileSizes read(DataInputStream in) throws IOException {
    in.skipNBytes(8); // magic, version
    String[] texts = constants(in);
    in.skipNBytes(6); // access, this, super
    in.skipNBytes(2L * in.readUnsignedShort()); // interfaces
    members(in, texts); // fields
    return new ClassFileSizes(texts.length, members(in, texts));
  }

  /** The pool's texts by position. */
  private static String[] constants(DataInputStream in) throws IOException {
    String[] texts = new String[in.readUnsignedShort()];
    for (int i = 1; i < texts.length; i++) {
      int tag = in.readUnsignedByte();
      if (tag == 1) {
        texts[i] = in.readUTF();
      } else {
        in.skipNBytes(bytes(tag));
        i += tag == 5 || tag == 6 ? 1 : 0; // A long or a double takes two places.
      }
    }
    return texts;
  }

  private static int bytes(int tag) {
    return switch (tag) {
      case 7, 8, 16, 19, 20 -> 2; // class, string, method type, module, package
      case 15 -> 3; // method handle
      case 3, 4, 9, 10, 11, 12, 17, 18 -> 4; // numbers, members, name and type, dynamic
      case 5, 6 -> 8; // long, double
      default -> throw new IllegalArgumentException("constant pool tag " + tag);
    };
  }

  /** Fields or methods with the bytes of their code, 0 for those without. */
  private static Map<String, Integer> members(DataInputStream in, String[] texts)
      throws IOException {
    Map<String, Integer> code = new LinkedHashMap<>();
    int count = in.readUnsignedShort();
    for (int i = 0; i < count; i++) {
      in.skipNBytes(2); // access
      String name = texts[in.readUnsignedShort()] + texts[in.readUnsignedShort()];
      code.put(name, code(in, texts));
    }
    return code;
  }

  private static int code(DataInputStream in, String[] texts) throws IOException {
    int bytes = 0;
    int attributes = in.readUnsignedShort();
    for (int i = 0; i < attributes; i++) {
      boolean isCode = texts[in.readUnsignedShort()].equals("Code");
      long length = in.readInt() & 0xffffffffL;
      if (isCode) {
        in.skipNBytes(4); // stack, locals
        bytes = in.readInt();
        length -= 8;
      }
      in.skipNBytes(length);
    }
    return bytes;
  }
}
