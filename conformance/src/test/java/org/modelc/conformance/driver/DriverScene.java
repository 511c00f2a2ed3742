package org.modelc.conformance.driver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.modelc.testkit.driver.MockDriver;

/** System properties for a test with a mock driver, put back at its end. */
public final class DriverScene implements AutoCloseable {
  private final Map<String, String> before = new HashMap<>();
  private final MockDriver driver;

  /**
   * @param script what the driver says of itself and which of its calls fail
   */
  public DriverScene(Path folder, String... script) throws IOException {
    this.driver = MockDriver.in(folder, script);
    with("modelc.cuda.library", driver.library().toString());
    with("modelc.cuda.compiler", FiberCudaCompiler.FIBER);
  }

  /** Sets one more property. */
  public DriverScene with(String property, String value) {
    if (!before.containsKey(property)) {
      before.put(property, System.getProperty(property));
    }
    System.setProperty(property, value);
    return this;
  }

  /** The driver, whose log says what was asked of it. */
  public MockDriver driver() {
    return driver;
  }

  @Override
  public void close() {
    before.forEach(
        (property, value) -> {
          if (value == null) {
            System.clearProperty(property);
          } else {
            System.setProperty(property, value);
          }
        });
  }
}
