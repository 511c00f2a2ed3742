package org.modelc.testkit.ptx;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.modelc.testkit.ptx.PtxLexer.Token;

/** Reads modules: directives and kernels. Source: PTX ISA, "Directives". */
final class PtxParser {
  private static final Set<String> SPACES = Set.of(".shared", ".global", ".const", ".local");

  private final PtxTokens tokens;
  private final List<PtxVariable> variables = new ArrayList<>();
  private final List<PtxFunction> functions = new ArrayList<>();
  private String version = "";
  private String target = "";

  PtxParser(String text) {
    this.tokens = new PtxTokens(PtxLexer.tokens(text));
  }

  PtxModule module() {
    while (!tokens.atEnd()) {
      directive(tokens.next());
    }
    return new PtxModule(version, target, List.copyOf(variables), List.copyOf(functions));
  }

  private void directive(Token token) {
    String word = token.text();
    if (word.equals(".version")) {
      version = tokens.next().text();
    } else if (word.equals(".target")) {
      target = tokens.next().text();
      while (tokens.accept(",")) {
        tokens.next();
      }
    } else if (word.equals(".address_size")) {
      tokens.expect("64");
    } else if (word.equals(".entry")) {
      functions.add(kernel());
    } else if (word.equals(".file") || word.equals(".pragma")) {
      tokens.skipLine(token.line());
    } else if (word.equals(".section")) {
      tokens.skipBraces();
    } else if (SPACES.contains(word)) {
      variables.add(PtxDeclarations.variable(tokens, word.substring(1)));
      tokens.expect(";");
    } else if (!Set.of(".visible", ".extern", ".weak", ";").contains(word)) {
      throw new PtxFailure("line " + token.line() + ": unknown directive " + word);
    }
  }

  private PtxFunction kernel() {
    String name = tokens.next().text();
    List<PtxVariable> parameters = new ArrayList<>();
    if (tokens.accept("(")) {
      while (!tokens.accept(")")) {
        tokens.expect(".param");
        parameters.add(PtxDeclarations.variable(tokens, "param"));
        tokens.accept(",");
      }
    }
    int maximum = 1024;
    while (!tokens.accept("{")) {
      Token word = tokens.next();
      int product = extents();
      if (word.text().equals(".maxntid") || word.text().equals(".reqntid")) {
        maximum = product;
      } else if (!Set.of(".minnctapersm", ".maxnreg", ".pragma").contains(word.text())) {
        throw new PtxFailure("line " + word.line() + ": unknown directive " + word.text());
      }
    }
    return new PtxBody(tokens).function(name, parameters, maximum);
  }

  private int extents() {
    int product = Integer.parseInt(tokens.next().text());
    while (tokens.accept(",")) {
      product *= Integer.parseInt(tokens.next().text());
    }
    return product;
  }
}
