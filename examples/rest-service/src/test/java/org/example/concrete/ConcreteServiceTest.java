package org.example.concrete;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ConcreteServiceTest {
  @Autowired private TestRestTemplate client;

  @Test
  void answersWithTheStrengthOfAMixture() {
    // The first row of the data, 28 days old; it was measured at 79.99 MPa.
    Concrete.Mixture mixture =
        new Concrete.Mixture(540, 0, 0, 162, 2.5, 1040, 676, 28);
    Concrete.PredictResult answer =
        client.postForObject("/strength", mixture, Concrete.PredictResult.class);
    assertEquals(79.99, answer.strength(), 25, "MPa");
    assertEquals(Concrete.load().predict(mixture), answer);
  }

  @Test
  void olderConcreteIsStronger() {
    Concrete.Mixture young = new Concrete.Mixture(540, 0, 0, 162, 2.5, 1040, 676, 3);
    Concrete.Mixture old = new Concrete.Mixture(540, 0, 0, 162, 2.5, 1040, 676, 90);
    Concrete model = Concrete.load();
    assertTrue(model.predict(old).strength() > model.predict(young).strength());
  }
}
