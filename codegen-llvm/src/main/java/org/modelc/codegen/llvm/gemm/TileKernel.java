package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.emit.FunctionWriter;
import org.modelc.codegen.llvm.emit.ModuleWriter;
import org.modelc.codegen.llvm.emit.Operand;

/**
 * Products of bytes whose sums stay in four of AMX's tile registers: two by two tiles, or one tile
 * of few rows and two panels. Whole tiles are read and written, so there is memory for sixteen rows
 * a tile, and what rows hold that do not exist does not matter.
 *
 * <p>The function takes {@code (ptr a, ptr b, ptr c, i64 stride of c, i64 groups, i64 share)}, as
 * {@link IntegerKernel}'s does, and which part it fetches of the panel that is read next. Source:
 * Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1, chapter 18, "Programming
 * with Intel AMX".
 *
 * @param rowTiles tiles of rows, one or two
 * @param panels panels of columns, each of two tiles; two if there is one tile of rows
 * @param apart bytes from panel to panel
 * @param rowBytes bytes from row to row of the left factor
 * @param panelBytes bytes of a panel
 */
record TileKernel(
    IntegerTile tile, int rowTiles, int panels, long apart, long rowBytes, long panelBytes) {
  /** Rows of a tile. */
  static final int ROWS = 16;

  /** Steps of a tile, which are the bytes of its rows. */
  static final int DEPTH = 64;

  /** The first tile register of rows, after those of sums, and the first of columns. */
  private static final int LEFT = 4;

  private static final int RIGHT = 6;

  /** Tiles of rows that share the fetching of a panel. */
  private static final int SHARES = 4;

  /** Bytes of a panel's steps that each of them fetches. */
  private static final long SHARE_BYTES = (long) DEPTH * IntegerTile.VECTORS * ROWS / SHARES;

  private static final int LINE = 64;

  private static final Operand C_STRIDE = new Operand("i64", "%cs");

  /**
   * All tiles are of the largest size: palette 1 in the first of 64 bytes, from the sixteenth on
   * two bytes a tile for the bytes of its rows, from the 48th on one for how many there are.
   */
  private static final String CONFIGURATION =
      "@integers.tiles = internal constant [8 x i64] [i64 1, i64 0, i64 %1$d, i64 %1$d, i64 0, i64 0, i64 %2$d, i64 0]\n"
          .formatted(DEPTH * 0x0001_0001_0001_0001L, ROWS * 0x0101_0101_0101_0101L);

  /** Makes the thread's tiles ready; {@link #release} gives them back to the system. */
  static void configure(FunctionWriter out) {
    String name = out.module().library("integers.tiles", () -> CONFIGURATION);
    call(out, "ldtilecfg", new Operand("ptr", "@" + name));
  }

  static void release(FunctionWriter out) {
    call(out, "tilerelease");
  }

  private static void call(FunctionWriter out, String instruction, Operand... operands) {
    String name = "llvm.x86." + instruction;
    List<String> types = new ArrayList<>();
    for (Operand operand : operands) {
      types.add(operand.type());
    }
    out.module().declare(name, "void @" + name + "(" + String.join(", ", types) + ")");
    out.call("void", name, operands);
  }

  /** Where the part begins that a tile of rows fetches of every step. */
  static Operand share(Arithmetic math, Operand number) {
    Operand share = math.remainder(number, Operand.i64(SHARES));
    return math.times(share, SHARE_BYTES);
  }

  /** The function's name; it is added to the module if it is not there. */
  String function(ModuleWriter module) {
    String several = panels == 1 ? "" : ".apart" + apart;
    String name =
        "integers.TILES."
            + rowTiles
            + "x"
            + columnTiles()
            + several
            + ".rows"
            + rowBytes
            + ".of"
            + panelBytes;
    return module.library(name, () -> text(module, name));
  }

  private int columnTiles() {
    return panels * IntegerTile.VECTORS;
  }

  private String text(ModuleWriter module, String name) {
    FunctionWriter out = new FunctionWriter(module);
    for (int sum = 0; sum < rowTiles * columnTiles(); sum++) {
      call(out, "tilezero", number(sum));
    }
    out.loop(
        Operand.i64(0),
        new Operand("i64", "%groups"),
        DEPTH / tile.arithmetic().steps,
        group -> multiply(out, group));
    for (int row = 0; row < rowTiles; row++) {
      Operand line =
          out.address(
              "i8",
              new Operand("ptr", "%c"),
              out.multiply(C_STRIDE, Operand.i64((long) row * ROWS)));
      for (int column = 0; column < columnTiles(); column++) {
        Operand place = out.address("i8", line, Operand.i64((long) column * DEPTH));
        call(out, "tilestored64", number(row * columnTiles() + column), place, C_STRIDE);
      }
    }
    out.line("ret void");
    return "define internal void @"
        + name
        + "(ptr %a, ptr %b, ptr %c, i64 %cs, i64 %groups, i64 %share) #0 {\n"
        + out.body()
        + "}\n";
  }

  private void multiply(FunctionWriter out, Operand group) {
    Operand a =
        out.address(
            "i8",
            new Operand("ptr", "%a"),
            out.multiply(group, Operand.i64(tile.arithmetic().steps)));
    Operand b =
        out.address(
            "i8", new Operand("ptr", "%b"), out.multiply(group, Operand.i64(tile.groupBytes())));
    for (int row = 0; row < rowTiles; row++) {
      Operand place = out.address("i8", a, Operand.i64((long) row * ROWS * rowBytes));
      call(out, "tileloadd64", number(LEFT + row), place, Operand.i64(rowBytes));
    }
    if (panels == 1) {
      fetch(out, b);
    }
    for (int column = 0; column < columnTiles(); column++) {
      int register = RIGHT + column % IntegerTile.VECTORS;
      long before =
          column / IntegerTile.VECTORS * apart + (long) column % IntegerTile.VECTORS * DEPTH;
      Operand place = out.address("i8", b, Operand.i64(before));
      call(out, "tileloadd64", number(register), place, Operand.i64(tile.groupBytes()));
      for (int row = 0; row < rowTiles; row++) {
        int sum = row * columnTiles() + column;
        call(out, "tdpbssd", number(sum), number(LEFT + row), number(register));
      }
    }
  }

  /** Weights come from afar: the second cache has the next panel before it is read. */
  private void fetch(FunctionWriter out, Operand b) {
    Operand share = out.address("i8", b, new Operand("i64", "%share"));
    for (long line = 0; line < SHARE_BYTES; line += LINE) {
      out.prefetchToSecondCache(out.address("i8", share, Operand.i64(panelBytes + line)));
    }
  }

  private static Operand number(int register) {
    return Operand.integer("i8", register);
  }
}
