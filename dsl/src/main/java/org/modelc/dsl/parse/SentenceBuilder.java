package org.modelc.dsl.parse;

import java.util.List;
import org.modelc.dsl.ast.CompressSentence;
import org.modelc.dsl.ast.DataSentence;
import org.modelc.dsl.ast.TrainSentence;
import org.modelc.dsl.grammar.ModelParser.CompressBodyContext;
import org.modelc.dsl.grammar.ModelParser.DataBodyContext;
import org.modelc.dsl.grammar.ModelParser.TrainBodyContext;

/** Builds the sentences of data, train and compress. */
final class SentenceBuilder {
  private final DataSentenceBuilder data;
  private final TrainSentenceBuilder train;
  private final CompressSentenceBuilder compress;

  SentenceBuilder(TreeContext tree, ExpressionBuilder expressions) {
    SentenceParts parts = new SentenceParts(tree, expressions);
    this.data = new DataSentenceBuilder(tree, parts, expressions);
    this.train = new TrainSentenceBuilder(tree, parts, expressions);
    this.compress = new CompressSentenceBuilder(tree, parts);
  }

  List<DataSentence> data(DataBodyContext context) {
    return context.dataSentence().stream().map(data::sentence).toList();
  }

  List<TrainSentence> train(TrainBodyContext context) {
    return context.trainSentence().stream().map(train::sentence).toList();
  }

  List<CompressSentence> compress(CompressBodyContext context) {
    return context.compressSentence().stream().map(compress::sentence).toList();
  }
}
