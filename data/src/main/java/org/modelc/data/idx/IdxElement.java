package org.modelc.data.idx;

import java.nio.ByteBuffer;

/** Element types of IDX files, all big-endian. */
enum IdxElement {
  UNSIGNED_BYTE(0x08, 1),
  SIGNED_BYTE(0x09, 1),
  SHORT(0x0B, 2),
  INT(0x0C, 4),
  FLOAT(0x0D, 4),
  DOUBLE(0x0E, 8);

  private final int code;
  private final int bytes;

  IdxElement(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** The type of a code; null for none. */
  static IdxElement of(int code) {
    for (IdxElement element : values()) {
      if (element.code == code) {
        return element;
      }
    }
    return null;
  }

  int bytes() {
    return bytes;
  }

  /** Element number {@code index} of the bytes. */
  double get(ByteBuffer elements, int index) {
    return switch (this) {
      case UNSIGNED_BYTE -> elements.get(index) & 0xff;
      case SIGNED_BYTE -> elements.get(index);
      case SHORT -> elements.getShort(2 * index);
      case INT -> elements.getInt(4 * index);
      case FLOAT -> elements.getFloat(4 * index);
      case DOUBLE -> elements.getDouble(8 * index);
    };
  }
}
