package org.modelc.compiler.typed;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import javax.lang.model.SourceVersion;

/** Java names for names of the language and of data columns, each given once. */
final class JavaNames {
  private final Set<String> taken = new HashSet<>();

  JavaNames(String... taken) {
    this.taken.addAll(Arrays.asList(taken));
  }

  /**
   * A name for a variable, method or record component: {@code petal length} → {@code petalLength}.
   */
  String variable(String name) {
    StringBuilder text = new StringBuilder();
    for (String part : name.split("[^\\p{javaJavaIdentifierPart}]+|[_$]")) {
      if (!part.isEmpty()) {
        text.append(text.length() == 0 ? lower(part) : upper(part));
      }
    }
    if (text.length() == 0 || !Character.isJavaIdentifierStart(text.charAt(0))) {
      text.insert(0, "column");
    }
    return unique(text.toString());
  }

  private String unique(String wish) {
    String name = SourceVersion.isKeyword(wish) ? wish + "Value" : wish;
    int number = 2;
    while (!taken.add(name)) {
      name = wish + number++;
    }
    return name;
  }

  /** A name for a type. */
  static String type(String name) {
    return upper(new JavaNames().variable(name));
  }

  /** All-capital words stay readable: {@code RM} → {@code rm}. */
  private static String lower(String text) {
    boolean capitals = text.equals(text.toUpperCase(java.util.Locale.ROOT));
    return capitals
        ? text.toLowerCase(java.util.Locale.ROOT)
        : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }

  private static String upper(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
