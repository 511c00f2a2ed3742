package org.modelc.compiler;

import javax.lang.model.SourceVersion;
import org.modelc.compiler.program.ClassNames;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.runtime.ModelcException;

/** What a model may be called, being a Java class. */
final class ClassNameRules {
  private ClassNameRules() {}

  /**
   * Refuses names that Java would refuse or take for something else.
   *
   * @param place where the model's name stands
   * @throws DiagnosticException if the name is that of a class that every Java file sees
   * @throws ModelcException if the package is no package or Java's own
   */
  static void check(ClassNames names, SourceSpan place) {
    String packageName = names.packageName();
    if (!packageName.isEmpty() && !SourceVersion.isName(packageName)) {
      throw new ModelcException(
          "`" + packageName + "` is no Java package", "packages look like org.example.models");
    }
    if (packageName.equals("java") || packageName.startsWith("java.")) {
      throw new ModelcException(
          "package " + packageName + " is Java's own", "no class loader defines classes in it");
    }
    if (shadowsJava(names.model())) {
      throw new DiagnosticException(
          Diagnostic.of(
                  DiagnosticCode.RESERVED_NAME,
                  place,
                  "model " + names.model() + " would hide java.lang." + names.model())
              .withHint("choose another name; it becomes the name of a Java class"));
    }
  }

  private static boolean shadowsJava(String name) {
    try {
      Class.forName("java.lang." + name, false, null);
      return true;
    } catch (ClassNotFoundException free) {
      return false;
    } catch (LinkageError otherCase) {
      // On file systems without case, `string` finds String's file.
      return false;
    }
  }
}
