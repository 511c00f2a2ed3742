package org.modelc.dsl.recipe;

import java.util.ArrayList;
import java.util.List;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Member;
import org.modelc.dsl.ast.ModelFile;
import org.modelc.dsl.ast.Node;
import org.modelc.dsl.elaborate.SyntaxDamage;

/** The parts of a file with syntax errors whose own mistakes can be told. */
record SoundBlocks(ModelFile file, SyntaxDamage damage) {
  /**
   * Data blocks and inputs without syntax errors, and train blocks whose model and data have none.
   */
  List<Node> blocks() {
    List<Node> sound = new ArrayList<>();
    for (Declaration.Model model : file.models()) {
      for (Member member : model.members()) {
        if (member instanceof Member.Input && !damage.touches(member)) {
          sound.add(member);
        }
      }
    }
    file.data().stream().filter(block -> !damage.touches(block)).forEach(sound::add);
    file.trainings().stream().filter(this::isSound).forEach(sound::add);
    return sound;
  }

  private boolean isSound(Declaration.Train block) {
    boolean model = file.model(block.model().text()).filter(this::isWhole).isPresent();
    boolean data =
        file.data().stream()
            .anyMatch(each -> each.name().text().equals(block.data().text()) && isWhole(each));
    return model && data && isWhole(block);
  }

  private boolean isWhole(Node node) {
    return !damage.touches(node);
  }
}
