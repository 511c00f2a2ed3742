package org.modelc.testkit.ptx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.testkit.ptx.PtxLexer.Token;

/** Reads a kernel's body: declarations, labels, instructions. */
final class PtxBody {
  private final PtxTokens tokens;
  private final Map<String, PtxType> registers = new LinkedHashMap<>();
  private final List<PtxVariable> variables = new ArrayList<>();
  private final List<PtxInstruction> instructions = new ArrayList<>();
  private final Map<String, Integer> labels = new HashMap<>();

  /** For each open brace what its registers are called here: an inner one may hide an outer one. */
  private final Deque<Map<String, String>> scopes = new ArrayDeque<>();

  private int scopeCount;

  PtxBody(PtxTokens tokens) {
    this.tokens = tokens;
  }

  PtxFunction function(String name, List<PtxVariable> parameters, int maximumThreads) {
    scopes.push(new HashMap<>());
    while (!scopes.isEmpty()) {
      statement();
    }
    return new PtxFunction(
        name, parameters, registers, variables, instructions, labels, maximumThreads);
  }

  private void statement() {
    Token first = tokens.peek();
    if (tokens.accept("{")) {
      scopeCount++;
      scopes.push(new HashMap<>());
    } else if (tokens.accept("}")) {
      scopes.pop();
    } else if (first.text().startsWith(".")) {
      declaration(tokens.next());
    } else if (tokens.peekSecond(":")) {
      labels.put(tokens.next().text(), instructions.size());
      tokens.expect(":");
    } else if (!tokens.accept(";")) {
      instruction();
    }
  }

  private void declaration(Token word) {
    switch (word.text()) {
      case ".reg" -> register();
      case ".shared", ".local" -> {
        variables.add(PtxDeclarations.variable(tokens, word.text().substring(1)));
        tokens.expect(";");
      }
      case ".loc", ".pragma", ".file" -> tokens.skipLine(word.line());
      default -> throw new PtxFailure("line " + word.line() + ": unknown directive " + word.text());
    }
  }

  /** {@code .reg .f32 %f<20>;} declares 0 to 19. */
  private void register() {
    PtxType type = PtxType.named(tokens.next().text().substring(1));
    do {
      Token name = tokens.next();
      if (tokens.accept("<")) {
        int count = Integer.parseInt(tokens.next().text());
        tokens.expect(">");
        for (int i = 0; i < count; i++) {
          declare(name.text() + i, type);
        }
      } else {
        declare(name.text(), type);
      }
    } while (tokens.accept(","));
    tokens.expect(";");
  }

  private void declare(String name, PtxType type) {
    String unique = scopes.size() == 1 ? name : name + "@" + scopeCount;
    scopes.peek().put(name, unique);
    registers.put(unique, type);
  }

  private String resolved(String name) {
    for (Map<String, String> scope : scopes) {
      if (scope.containsKey(name)) {
        return scope.get(name);
      }
    }
    return null;
  }

  private void instruction() {
    String guard = null;
    boolean negated = false;
    if (tokens.accept("@")) {
      negated = tokens.accept("!");
      guard = resolved(tokens.next().text());
    }
    Token opcode = tokens.next();
    List<PtxOperand> operands = new ArrayList<>();
    while (!tokens.accept(";")) {
      operands.add(operand());
      tokens.accept(",");
    }
    instructions.add(PtxInstruction.of(guard, negated, opcode.text(), operands, opcode.line()));
  }

  private PtxOperand operand() {
    if (tokens.accept("{")) {
      List<PtxOperand> elements = new ArrayList<>();
      while (!tokens.accept("}")) {
        elements.add(operand());
        tokens.accept(",");
      }
      return new PtxOperand.Vector(List.copyOf(elements));
    }
    if (tokens.accept("[")) {
      return address();
    }
    if (tokens.accept("!")) {
      return new PtxOperand.Not(operand());
    }
    PtxOperand first = single();
    return tokens.accept("|") ? new PtxOperand.Pair(first, single()) : first;
  }

  private PtxOperand address() {
    PtxOperand base = single();
    long offset = 0;
    while (!tokens.accept("]")) {
      boolean minus = !tokens.accept("+") && tokens.accept("-");
      long value = PtxDeclarations.signed(tokens);
      offset += minus ? -value : value;
    }
    return new PtxOperand.Address(base, offset);
  }

  private PtxOperand single() {
    Token token = tokens.peek();
    char first = token.text().charAt(0);
    if (first == '-' || Character.isDigit(first)) {
      return new PtxOperand.Constant(PtxDeclarations.signed(tokens));
    }
    String name = tokens.next().text();
    String register = resolved(name);
    if (register != null) {
      return new PtxOperand.Register(register);
    }
    boolean special = first == '%' || name.equals("_") || name.equals("WARP_SZ");
    return special ? new PtxOperand.Register(name) : new PtxOperand.Symbol(name);
  }
}
