package org.modelc.compiler.typed;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import javax.lang.model.element.Modifier;
import org.modelc.runtime.ModelcException;

/**
 * The method of a typed class that turns a picture into a tensor. It stands in the class, not in
 * the runtime: the module java.desktop is needed by models of pictures alone.
 */
final class PictureMethod {
  static final String NAME = "pixels";

  /** By name: the compiler itself needs no java.desktop here. */
  static final ClassName IMAGE = ClassName.get("java.awt.image", "BufferedImage");

  private static final ClassName COLOR_MODEL = ClassName.get("java.awt.image", "IndexColorModel");
  private static final ClassName BUFFER = ClassName.get("java.awt.image", "DataBuffer");

  private PictureMethod() {}

  /**
   * Brightness 0 to 255, as the readers of pictures give it; grey is 0.299 red + 0.587 green +
   * 0.114 blue (ITU-R BT.601).
   */
  static MethodSpec spec() {
    return MethodSpec.methodBuilder(NAME)
        .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
        .returns(ArrayTypeName.of(TypeName.FLOAT))
        .addParameter(IMAGE, "image")
        .addParameter(int.class, "channels")
        .addParameter(int.class, "height")
        .addParameter(int.class, "width")
        .beginControlFlow("if (image.getWidth() != width || image.getHeight() != height)")
        .addStatement(
            "throw new $T($S + image.getWidth() + $S + image.getHeight() + $S + width + $S + height"
                + " + $S)",
            ModelcException.class,
            "the picture has ",
            " × ",
            " pixels, the model takes ",
            " × ",
            "")
        .endControlFlow()
        .addComment("A grey picture's colours would be converted to another brightness.")
        .addStatement(
            "boolean grey = image.getRaster().getNumBands() == 1"
                + " && image.getRaster().getTransferType() == $T.TYPE_BYTE"
                + " && !(image.getColorModel() instanceof $T)",
            BUFFER,
            COLOR_MODEL)
        .addStatement("int size = height * width")
        .addStatement("float[] pixels = new float[channels * size]")
        .beginControlFlow("for (int at = 0; at < size; at++)")
        .addStatement("int x = at % width")
        .addStatement("int y = at / width")
        .addStatement(
            "int argb = grey ? 0xff000000 | image.getRaster().getSample(x, y, 0) * 0x010101"
                + " : image.getRGB(x, y)")
        .addComment("What is transparent is white.")
        .addStatement("float opaque = (argb >>> 24) / 255f")
        .addStatement("float white = 255 * (1 - opaque)")
        .addStatement("float red = (argb >> 16 & 255) * opaque + white")
        .addStatement("float green = (argb >> 8 & 255) * opaque + white")
        .addStatement("float blue = (argb & 255) * opaque + white")
        .beginControlFlow("if (channels == 3)")
        .addStatement("pixels[at] = $T.round(red)", Math.class)
        .addStatement("pixels[size + at] = $T.round(green)", Math.class)
        .addStatement("pixels[2 * size + at] = $T.round(blue)", Math.class)
        .nextControlFlow("else")
        .addStatement(
            "pixels[at] = $T.round(0.299f * red + 0.587f * green + 0.114f * blue)", Math.class)
        .endControlFlow()
        .endControlFlow()
        .addStatement("return pixels")
        .build();
  }
}
