package org.example.concrete;

import org.modelc.runtime.ModelcException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Answers how strong a mixture of concrete will be. The model's records are request and response;
 * one instance serves all threads.
 */
@SpringBootApplication
@RestController
public class ConcreteService {
  private final Concrete model = Concrete.load();

  /** Starts the service on port 8080. */
  public static void main(String[] arguments) {
    SpringApplication.run(ConcreteService.class, arguments);
  }

  /** The strength of a mixture, in MPa. */
  @PostMapping("/strength")
  Concrete.PredictResult strength(@RequestBody Concrete.Mixture mixture) {
    try {
      return model.predict(mixture);
    } catch (ModelcException unusable) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, unusable.getMessage(), unusable);
    }
  }
}
