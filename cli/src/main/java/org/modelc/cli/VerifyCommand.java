package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Callable;
import org.modelc.compiler.jar.JarFacts;
import org.modelc.compiler.jar.JarSignatures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code modelc verify JAR}. */
@Command(
    name = "verify",
    description =
        "Checks that all of a jar is signed and unchanged since. Fails if it is not, or with"
            + " --certificate if another key signed it.",
    footer = {"", "Example: modelc verify build/Digits.jar --certificate publisher.pem"})
final class VerifyCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "JAR", description = "The signed jar.")
  private Path jar;

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "Who must have signed, as a certificate in PEM or DER.")
  private Path certificate;

  private final Terminal terminal;

  VerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JarFacts.read(jar);
    X509Certificate wanted = certificate == null ? null : JarSignatures.certificate(certificate);
    List<X509Certificate> signers = JarSignatures.verify(jar, wanted);
    if (common.json) {
      ObjectNode result = JsonText.object();
      result.put("jar", jar.toString());
      ArrayNode names = result.putArray("signers");
      signers.forEach(each -> names.add(name(each)));
      terminal.result(JsonText.line(result));
    } else {
      signers.forEach(each -> terminal.result("signed by " + name(each)));
      if (wanted == null) {
        terminal.say("note: anybody can sign; --certificate says who must have");
      }
    }
    return ExitCode.SUCCESS.number();
  }

  private static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }
}
