package org.modelc.maven;

import java.io.File;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.modelc.compiler.jar.JarSignatures;
import org.modelc.runtime.ModelcException;

/**
 * Signs the project's jar as {@code jarsigner} does. The password of key store and key is taken
 * from an environment variable, so that it stands in no file and on no command line.
 */
@Mojo(name = "sign", defaultPhase = LifecyclePhase.PACKAGE, threadSafe = true)
public final class SignMojo extends AbstractMojo {
  @Parameter(defaultValue = "${project}", readonly = true, required = true)
  private MavenProject project;

  /** A key store, PKCS #12 or JKS. */
  @Parameter(property = "modelc.keystore", required = true)
  private File keystore;

  /** The key's name in the key store. */
  @Parameter(property = "modelc.alias", required = true)
  private String alias;

  /** The environment variable that holds the password. */
  @Parameter(property = "modelc.passwordVariable", defaultValue = "MODELC_STORE_PASSWORD")
  private String passwordVariable;

  /** Does nothing. */
  @Parameter(property = "modelc.skip", defaultValue = "false")
  private boolean skip;

  @Override
  public void execute() throws MojoExecutionException, MojoFailureException {
    if (!skip) {
      File jar = project.getArtifact() == null ? null : project.getArtifact().getFile();
      Failures.told(
          getLog(),
          () -> sign(jar, keystore, alias, passwordVariable, System.getenv(passwordVariable)));
    }
  }

  /**
   * Signs in place.
   *
   * @throws ModelcException if there is no jar, no password, or no such key
   */
  static void sign(File jar, File keystore, String alias, String variable, String password) {
    if (jar == null || !jar.isFile()) {
      throw new ModelcException(
          "there is no jar to sign", "the goal sign stands in the phase package, after the jar's");
    }
    if (password == null) {
      throw new ModelcException(
          "there is no password for the key store " + keystore,
          "set the environment variable " + variable);
    }
    JarSignatures.sign(
        jar.toPath(), jar.toPath(), keystore.toPath(), alias, password.toCharArray());
  }
}
