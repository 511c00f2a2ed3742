package org.modelc.codegen.cuda.emit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.modelc.codegen.cuda.CudaText;

/**
 * Device functions that kernels call, of {@code prelude.cu} and its like: a program's text has
 * those that it needs. A piece begins with {@code //# name: pieces that it needs}.
 */
public final class Prelude {
  private static final List<String> RESOURCES = List.of("prelude.cu", "attention.cu");
  private static final String HEAD = "//# ";
  private static final Map<String, Piece> PIECES = read();

  private final Set<String> wanted = new HashSet<>();
  private final Map<String, String> generated = new LinkedHashMap<>();

  private record Piece(String[] needs, String text) {}

  private static Map<String, Piece> read() {
    Map<String, Piece> pieces = new LinkedHashMap<>();
    for (String resource : RESOURCES) {
      String[] texts = text(resource).split(HEAD);
      // What stands before the first head tells the reader of the whole.
      for (String piece : Arrays.asList(texts).subList(1, texts.length)) {
        int end = piece.indexOf('\n');
        int colon = piece.indexOf(':');
        String needs = piece.substring(colon + 1, end).strip();
        String[] names = needs.isEmpty() ? new String[0] : needs.split(" ");
        pieces.put(piece.substring(0, colon), new Piece(names, piece.substring(end + 1).strip()));
      }
    }
    return pieces;
  }

  private static String text(String resource) {
    try (InputStream in = Prelude.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " cannot be read", e);
    }
  }

  /** The names of all functions there are. */
  static Set<String> names() {
    return PIECES.keySet();
  }

  /** A call of a function. */
  public String call(String name, String... arguments) {
    need(name);
    return name + "(" + String.join(", ", arguments) + ")";
  }

  /** Takes a piece, and those that it needs, into the text. */
  public void need(String name) {
    Piece piece = PIECES.get(name);
    if (piece == null) {
      throw new IllegalStateException("the prelude has no piece '" + name + "'");
    }
    if (wanted.add(name)) {
      for (String other : piece.needs) {
        need(other);
      }
    }
  }

  /** A call of a function made for this program; the text is asked for once. */
  String generated(String name, Supplier<String> text, String... arguments) {
    if (!generated.containsKey(name)) {
      // What the function needs itself is made meanwhile, and so stands before it.
      String made = text.get();
      generated.put(name, made);
    }
    return name + "(" + String.join(", ", arguments) + ")";
  }

  /** A program's text: what was needed, and its kernels. */
  CudaText with(List<String> kernels) {
    Map<Integer, String> pieces = new TreeMap<>();
    int number = 0;
    for (Map.Entry<String, Piece> piece : PIECES.entrySet()) {
      if (wanted.contains(piece.getKey())) {
        pieces.put(number, piece.getValue().text + "\n");
      }
      number++;
    }
    return new CudaText(pieces, generated, kernels);
  }
}
