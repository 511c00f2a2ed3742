package org.modelc.compiler.jar;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.License;
import org.cyclonedx.model.LicenseChoice;
import org.cyclonedx.model.Metadata;
import org.modelc.runtime.spec.ModelManifest;

/**
 * The jar's software bill of materials in CycloneDX 1.6: the model, the runtime it needs, the data
 * it was trained on.
 */
final class SoftwareBill {
  private static final String RUNTIME = "modelc-runtime";

  private SoftwareBill() {}

  static String resourceOf(String model) {
    return "META-INF/sbom/" + model + ".cdx.json";
  }

  static byte[] write(ModelManifest manifest, Provenance provenance) {
    Bom bom = new Bom();
    bom.setSerialNumber("urn:uuid:" + id(provenance));
    Metadata metadata = new Metadata();
    // The time of the build would make each jar another.
    metadata.setTimestamp(null);
    metadata.setComponent(model(manifest, provenance));
    bom.setMetadata(metadata);
    bom.addComponent(runtime(manifest));
    provenance.data().forEach(each -> bom.addComponent(data(each)));
    try {
      String json = BomGeneratorFactory.createJson(Version.VERSION_16, bom).toJsonString();
      return json.replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8);
    } catch (GeneratorException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The same for the same model from the same inputs. */
  private static UUID id(Provenance provenance) {
    return UUID.nameUUIDFromBytes(provenance.encode().getBytes(StandardCharsets.UTF_8));
  }

  private static Component model(ModelManifest manifest, Provenance provenance) {
    Component model = component(Component.Type.MACHINE_LEARNING_MODEL, manifest.name());
    model.setDescription(manifest.doc());
    model.addHash(new Hash(Hash.Algorithm.SHA_256, provenance.sourceSha256()));
    if (!provenance.licence().isEmpty()) {
      model.setLicenses(named(provenance.licence()));
    }
    return model;
  }

  private static Component runtime(ModelManifest manifest) {
    Component runtime = component(Component.Type.LIBRARY, RUNTIME);
    runtime.setGroup("org.modelc");
    runtime.setVersion(manifest.compiler());
    runtime.setPurl("pkg:maven/org.modelc/" + RUNTIME + "@" + manifest.compiler());
    License apache = new License();
    apache.setId("Apache-2.0");
    LicenseChoice choice = new LicenseChoice();
    choice.addLicense(apache);
    runtime.setLicenses(choice);
    return runtime;
  }

  private static Component data(Provenance.DataFile file) {
    Component data = component(Component.Type.DATA, file.path());
    data.addHash(new Hash(Hash.Algorithm.SHA_256, file.sha256()));
    return data;
  }

  private static Component component(Component.Type type, String name) {
    Component component = new Component();
    component.setType(type);
    component.setName(name);
    component.setBomRef(type.getTypeName() + ":" + name);
    return component;
  }

  private static LicenseChoice named(String text) {
    License license = new License();
    license.setName(text);
    LicenseChoice choice = new LicenseChoice();
    choice.addLicense(license);
    return choice;
  }
}
