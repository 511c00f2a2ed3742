package org.modelc.compiler.typed;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;
import org.modelc.compiler.ResultLabels;
import org.modelc.compiler.program.ClassNames;
import org.modelc.compiler.typed.FunctionInput.Form;
import org.modelc.runtime.Model;
import org.modelc.runtime.Predictor;
import org.modelc.runtime.Session;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi;

/** Writes the typed class of a model. */
public final class TypedClass {
  /** Methods of every typed class, whose names functions do not get. */
  static final String[] OWN_METHODS = {
    "load",
    "of",
    "model",
    "newSession",
    "save",
    "train",
    PictureMethod.NAME,
    "getClass",
    "hashCode",
    "equals",
    "toString",
    "notify",
    "notifyAll",
    "wait",
    "clone",
    "finalize"
  };

  private final ModelManifest manifest;
  private final ClassName name;
  private final Map<String, InputRecord> records = new LinkedHashMap<>();
  private final Map<String, FieldSpec> columns = new LinkedHashMap<>();
  private boolean takesPictures;

  private TypedClass(ModelManifest manifest, ClassNames names) {
    this.manifest = manifest;
    this.name = ClassName.get(names.packageName(), names.model());
  }

  /**
   * The class's source text.
   *
   * @param manifest with functions, programs, fitted inputs and labels; parameters play no part
   */
  public static String write(ModelManifest manifest, ClassNames names) {
    TypedClass typed = new TypedClass(manifest, names);
    return JavaFile.builder(names.packageName(), typed.type())
        .skipJavaLangImports(true)
        .indent("  ")
        .build()
        .toString();
  }

  private TypeSpec type() {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name)
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .addJavadoc("$L\n\n", Docs.text(manifest.doc(), "The model " + manifest.name() + "."))
            .addJavadoc(
                "Immutable and safe for any number of threads. Nothing is null unless it is marked so.\n");
    type.addField(Model.class, "model", Modifier.PRIVATE, Modifier.FINAL);
    type.addMethods(ModelMethods.of(manifest, name));
    for (FunctionSpec spec : manifest.functions()) {
      TypedFunction function =
          TypedFunction.of(
              spec,
              name,
              manifest.fitted(),
              ResultLabels.of(spec, manifest.labels(), manifest.recipe()));
      addFunction(type, function);
    }
    records.values().forEach(each -> type.addType(each.type()));
    columns.values().forEach(type::addField);
    type.addMethod(constructor());
    if (takesPictures) {
      type.addMethod(PictureMethod.spec());
    }
    return type.build();
  }

  private MethodSpec constructor() {
    MethodSpec.Builder constructor =
        MethodSpec.constructorBuilder()
            .addModifiers(Modifier.PRIVATE)
            .addParameter(Model.class, "model")
            .addStatement("this.model = model");
    for (FunctionSpec spec : manifest.functions()) {
      TypedFunction function = TypedFunction.of(spec, name, manifest.fitted(), Map.of());
      if (function.isRowwise()) {
        constructor.addStatement(
            "this.$L = new $T(model, $S)", predictor(function), Predictor.class, spec.name());
      }
    }
    return constructor.build();
  }

  static String predictor(TypedFunction function) {
    return function.java() + "Predictor";
  }

  private void addFunction(TypeSpec.Builder type, TypedFunction function) {
    if (function.isRowwise()) {
      function.inputs().forEach(this::addInput);
      ResultRecord result = new ResultRecord(function);
      type.addField(Predictor.class, predictor(function), Modifier.PRIVATE, Modifier.FINAL);
      type.addType(result.type());
      RowMethods methods = new RowMethods(function, records, result, hasPictures());
      type.addMethods(methods.methods());
      takesPictures |= methods.takesPicture();
      type.addMethod(result.reader());
    }
    type.addMethod(sessionMethod(function.spec(), function.java()));
  }

  /** Rows of these formats are pictures, brightness 0 to 255. */
  private boolean hasPictures() {
    return manifest.data() != null
        && manifest.data().sources().stream()
            .allMatch(each -> each.format().equals("folder") || each.format().equals("idx"));
  }

  private void addInput(FunctionInput input) {
    String inputName = input.spec().name();
    if (input.form() == Form.RECORD) {
      ClassName record = name.nestedClass(JavaNames.type(inputName));
      records.computeIfAbsent(inputName, key -> new InputRecord(record, input));
    } else if (input.isSpread()) {
      columns.computeIfAbsent(inputName, key -> columnsField(input));
    }
  }

  /** The constant with the columns of an input that takes many side by side. */
  private static FieldSpec columnsField(FunctionInput input) {
    CodeBlock names =
        input.columns().stream()
            .map(column -> CodeBlock.of("$S", column.name()))
            .collect(CodeBlock.joining(", "));
    return FieldSpec.builder(
            RowMethods.TEXTS,
            RowMethods.columnsConstant(input),
            Modifier.PRIVATE,
            Modifier.STATIC,
            Modifier.FINAL)
        .initializer("$T.of(new String[] {$L})", List.class, names)
        .build();
  }

  /**
   * The overload that allocates nothing: tensors of the program in and out, in the caller's arrays.
   */
  private MethodSpec sessionMethod(FunctionSpec spec, String java) {
    ProgramAbi abi =
        manifest.programs().stream()
            .filter(program -> program.name().equals(spec.program()))
            .findFirst()
            .orElseThrow();
    JavaNames names = new JavaNames("session", "frame");
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(java)
            .addModifiers(Modifier.PUBLIC)
            .addJavadoc("$L\n\n", Docs.text(spec.doc(), "The function " + spec.name() + "."))
            .addJavadoc(
                "Takes and gives tensors as the program has them, row-major, transforms already applied; the\n"
                    + "number of rows follows from the arrays' lengths. Allocates nothing once the session has\n"
                    + "seen as many rows, whose workspace is {@code $L} bytes as bytecode;\n"
                    + "{@code modelc inspect} tells of native code and threads.\n\n",
                abi.peakBytes())
            .addParameter(Session.class, "session")
            .addJavadoc("@param session of this model, used by one thread at a time\n");
    List<CodeBlock> binds = new ArrayList<>();
    for (ProgramAbi.Buffer buffer : abi.buffers()) {
      boolean result = buffer.role() == ProgramAbi.Role.OUTPUT && buffer.updates() == null;
      if (buffer.role() == ProgramAbi.Role.INPUT || result) {
        String parameter = names.variable(buffer.name());
        method.addParameter(JavaElement.array(buffer.dtype()), parameter);
        method.addJavadoc(
            "@param $L $L $L$L\n",
            parameter,
            result ? "takes the result" : "an input",
            buffer.dtype(),
            buffer.shape());
        binds.add(CodeBlock.of("frame.bind($S, $L)", buffer.name(), parameter));
      }
    }
    method.addStatement(
        "$T frame = session.frame($S)", org.modelc.runtime.Frame.class, spec.program());
    binds.forEach(method::addStatement);
    return method.addStatement("frame.run()").build();
  }
}
