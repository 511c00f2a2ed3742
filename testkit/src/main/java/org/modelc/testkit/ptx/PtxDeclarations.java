package org.modelc.testkit.ptx;

import java.util.ArrayList;
import java.util.List;
import org.modelc.testkit.ptx.PtxLexer.Token;

/** Reads declarations of variables and constants. Source: PTX ISA, "Variables", "Constants". */
final class PtxDeclarations {
  private PtxDeclarations() {}

  /** What follows the space: {@code .align 4 .b8 name[24] = {…}}. */
  static PtxVariable variable(PtxTokens tokens, String space) {
    int alignment = 0;
    PtxType type = null;
    while (tokens.peek().text().startsWith(".")) {
      Token token = tokens.next();
      String word = token.text().substring(1);
      if (word.equals("align")) {
        alignment = Integer.parseInt(tokens.next().text());
      } else if (PtxType.named(word) != null) {
        type = PtxType.named(word);
      } else if (!List.of("ptr", "global", "shared", "const", "local", "attribute")
          .contains(word)) {
        throw new PtxFailure("line " + token.line() + ": unknown type " + token.text());
      }
    }
    Token name = tokens.next();
    if (type == null) {
      throw new PtxFailure("line " + name.line() + ": " + name.text() + " has no type");
    }
    long count = count(tokens);
    byte[] contents = tokens.accept("=") ? contents(tokens, type, count) : null;
    return new PtxVariable(
        name.text(), space, Math.max(alignment, type.bytes()), count * type.bytes(), contents);
  }

  private static long count(PtxTokens tokens) {
    long count = 1;
    while (tokens.accept("[")) {
      count *= tokens.peek("]") ? 0 : constant(tokens.next());
      tokens.expect("]");
    }
    return count;
  }

  private static byte[] contents(PtxTokens tokens, PtxType type, long count) {
    List<Long> values = new ArrayList<>();
    int depth = 0;
    do {
      if (tokens.accept("{")) {
        depth++;
      } else if (tokens.accept("}")) {
        depth--;
      } else if (!tokens.accept(",")) {
        values.add(signed(tokens));
      }
    } while (depth > 0);
    byte[] result = new byte[(int) count * type.bytes()];
    for (int i = 0; i < values.size(); i++) {
      for (int part = 0; part < type.bytes(); part++) {
        result[i * type.bytes() + part] = (byte) (values.get(i) >>> 8 * part);
      }
    }
    return result;
  }

  /** A constant that may have a minus sign. */
  static long signed(PtxTokens tokens) {
    return tokens.accept("-") ? -constant(tokens.next()) : constant(tokens.next());
  }

  /** The bits of a constant: integers in any base, {@code 0f} and {@code 0d} bit patterns. */
  static long constant(Token token) {
    String text = token.text();
    try {
      if (text.startsWith("0f") || text.startsWith("0F")) {
        return Long.parseLong(text.substring(2), 16);
      }
      if (text.startsWith("0d") || text.startsWith("0D")) {
        return Long.parseUnsignedLong(text.substring(2), 16);
      }
      String digits = text.endsWith("U") ? text.substring(0, text.length() - 1) : text;
      if (digits.startsWith("0x") || digits.startsWith("0X")) {
        return Long.parseUnsignedLong(digits.substring(2), 16);
      }
      return Long.parseUnsignedLong(digits);
    } catch (NumberFormatException wrong) {
      throw new PtxFailure("line " + token.line() + ": " + text + " is no constant");
    }
  }
}
