package org.modelc.codegen.llvm;

import java.util.List;

/**
 * A module of LLVM IR in its parts, which {@link CodeUnits} deals out to the modules that are
 * compiled.
 *
 * @param heading a comment for the reader
 * @param definitions functions and constants; what one refers to stands before it
 * @param declarations of what is defined elsewhere
 * @param ending attributes and metadata, the same in all modules of a target
 */
public record ModuleText(
    String heading, List<Definition> definitions, List<String> declarations, String ending) {
  /** What a definition is to others. */
  public enum Kind {
    /** Has the same text in whichever program needs it, and a name that tells it: a microkernel. */
    LIBRARY,
    /** A kernel of the program, named in this module alone. */
    KERNEL,
    /** What the program is called by. */
    ENTRY
  }

  /**
   * A function or a constant.
   *
   * @param name without the {@code @}
   */
  public record Definition(Kind kind, String name, String text) {}

  public ModuleText {
    definitions = List.copyOf(definitions);
    declarations = List.copyOf(declarations);
  }

  /** A module that needs no other. */
  public String whole() {
    StringBuilder text = new StringBuilder(heading);
    definitions.forEach(definition -> text.append(definition.text()).append('\n'));
    declarations.forEach(line -> text.append("declare ").append(line).append('\n'));
    return text.append(ending).toString();
  }
}
