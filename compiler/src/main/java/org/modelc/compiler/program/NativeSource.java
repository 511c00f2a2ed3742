package org.modelc.compiler.program;

/** The Java class that a model's native methods belong to. */
final class NativeSource {
  private NativeSource() {}

  /** The class's source text. */
  static String of(ClassNames names) {
    String binary = names.nativeCode();
    String simple = binary.substring(binary.lastIndexOf('.') + 1);
    String header = names.packageName().isEmpty() ? "" : "package " + names.packageName() + ";\n\n";
    return header
        + """
        /** The native code of model MODEL, generated. */
        public final class NAME extends org.modelc.runtime.nativecode.NativeCode {
          /** The one instance: a library is loaded once in a class loader. */
          public static final NAME INSTANCE = new NAME();

          private NAME() {}

          @Override
          protected void load(String path) {
            System.load(path);
          }

          @Override
          protected native int level();

          @Override
          protected native void select(int level);

          @Override
          protected native long address(java.nio.Buffer buffer);

          @Override
          protected native int run(int program, long frame, int worker, int workers);
        }
        """
            .replace("NAME", simple)
            .replace("MODEL", names.model());
  }
}
