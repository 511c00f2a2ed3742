package org.modelc.compiler.program;

/**
 * What a model's generated classes are called.
 *
 * @param packageName the Java package; empty for the unnamed one
 * @param model the model's name, which is the typed class's simple name
 */
public record ClassNames(String packageName, String model) {
  /** The typed class's binary name. */
  public String typed() {
    return qualified(model);
  }

  /** The binary name of a program's class: {@code models.DigitsPredictProgram}. */
  public String program(String program) {
    StringBuilder name = new StringBuilder(model);
    for (String part : program.split("[^A-Za-z0-9_]+")) {
      if (!part.isEmpty()) {
        name.append(Character.toUpperCase(part.charAt(0))).append(part, 1, part.length());
      }
    }
    return qualified(name.append("Program").toString());
  }

  /** The binary name of the class with the native methods. */
  public String nativeCode() {
    return qualified(model + "Native");
  }

  private String qualified(String simple) {
    return packageName.isEmpty() ? simple : packageName + "." + simple;
  }
}
