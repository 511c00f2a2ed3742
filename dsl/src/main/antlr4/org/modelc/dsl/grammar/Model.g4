/*
 * The model language. Rules of the text that a grammar cannot say stand in docs/language.md; those
 * that matter here:
 *
 *  - Line ends mean nothing, but for one rule that TokenPreparation applies before parsing: `(` and `[`
 *    call and index only what stands before them on their line; elsewhere they begin a group or a list
 *    (GROUP_PAREN, LIST_BRACKET). A line that begins with a binary operator continues the one above.
 *  - Only model, layer, fn, let, var, param, state, cache, if, for, scan, import and export are
 *    reserved. Every other word of the grammar is also a `name`.
 *  - The precedence rules are loops, not recursion: depth of recursion is bounded by brackets alone,
 *    which TokenPreparation counts.
 */
grammar Model;

// What \p{L} and [\p{L}\p{M}\p{Nd}] say. As sets they would be built of 700 ranges at every start of the compiler.
@lexer::members {
  private boolean beginsName() {
    return Character.isLetter(_input.LA(-1));
  }

  private boolean continuesName() {
    return switch (Character.getType(_input.LA(-1))) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
      default -> Character.isLetterOrDigit(_input.LA(-1));
    };
  }
}

// Never matched: TokenPreparation gives these types to '(' and '[' that call or index nothing.
tokens { GROUP_PAREN, LIST_BRACKET }

file : declaration* EOF ;

declaration
    : IMPORT STRING                                                            # importDeclaration
    | MODEL name parameterList? modelBody                                      # modelDeclaration
    | EXPORT? LAYER name parameterList parameterList? resultType? bounds? functionBody # layerDeclaration
    | function                                                                 # functionDeclaration
    | DATA name dataBody                                                       # dataDeclaration
    | TRAIN name ON name trainBody                                             # trainDeclaration
    | COMPRESS name compressBody                                               # compressDeclaration
    ;

// ---- models, layers, functions

modelBody : LEFT_BRACE member* RIGHT_BRACE ;

member
    : INPUT name (COLON type)? ASSIGN expression    # inputMember
    | function                                      # functionMember
    | LET binding (COLON type)? ASSIGN expression   # letMember
    | PARAM name COLON type (ASSIGN expression)?    # paramMember
    | STATE name COLON type (ASSIGN expression)?    # stateMember
    ;

function : EXPORT? STREAM? FN name parameterList resultType? bounds? functionBody ;

functionBody : ASSIGN expression | block ;

resultType : ARROW type ;

bounds : WHERE expression (COMMA expression)* ;

parameterList : (LEFT_PAREN | GROUP_PAREN) (parameter (COMMA parameter)* COMMA?)? RIGHT_PAREN ;

parameter : name COLON type (ASSIGN expression)? ;

type
    : name LEFT_BRACKET (dim (COMMA dim)* COMMA?)? RIGHT_BRACKET                          # tensorType
    | CSR name LEFT_BRACKET (dim (COMMA dim)* COMMA?)? RIGHT_BRACKET                      # sparseType
    | (LEFT_PAREN | GROUP_PAREN) typeField (COMMA typeField)* COMMA? RIGHT_PAREN           # recordType
    | (LEFT_BRACKET | LIST_BRACKET) type RIGHT_BRACKET                                    # listType
    | (name | FN | LAYER)                                                                 # namedType
    ;

typeField : name COLON type ;

dim : ELLIPSIS name? | additive ;

// ---- statements

block : LEFT_BRACE statement* RIGHT_BRACE ;

statement
    : LET binding (COLON type)? ASSIGN expression        # letStatement
    | VAR binding (COLON type)? ASSIGN expression        # varStatement
    | PARAM name COLON type (ASSIGN expression)?         # paramStatement
    | STATE name COLON type (ASSIGN expression)?         # stateStatement
    | CACHE name COLON type (ASSIGN expression)?         # cacheStatement
    | FOR binding IN range block                         # forStatement
    | EMIT expression (COMMA expression)*                # emitStatement
    | name ASSIGN expression                             # assignStatement
    | expression                                         # expressionStatement
    ;

binding : name | (LEFT_PAREN | GROUP_PAREN) name (COMMA name)* COMMA? RIGHT_PAREN ;

range : expression (RANGE expression)? ;

// ---- expressions, loosest first

expression : disjunction (PIPE stage)* ;

stage : postfix (AS name)? ;

disjunction : conjunction (OR conjunction)* ;

conjunction : negation (AND negation)* ;

negation : NOT* comparison ;

comparison : additive (comparator additive)? ;

comparator : EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL ;

additive : multiplicative ((PLUS | MINUS | CONCAT) multiplicative)* ;

multiplicative : prefix ((STAR | SLASH | AT) prefix)* ;

prefix : MINUS* power ;

power : typed (CARET MINUS* typed)* ;

typed : postfix (AS type)? ;

postfix : primary suffix* ;

suffix
    : LEFT_PAREN (argument (COMMA argument)* COMMA?)? RIGHT_PAREN   # callSuffix
    | DOT name                                                      # fieldSuffix
    | LEFT_BRACKET expression RIGHT_BRACKET                         # indexSuffix
    ;

argument : (name COLON)? expression ;

primary
    : INTEGER                                                                             # integerLiteral
    | FLOAT                                                                               # floatLiteral
    | STRING                                                                              # textLiteral
    | (TRUE | FALSE)                                                                      # boolLiteral
    | IF expression block (ELSE IF expression block)* (ELSE block)?                       # ifExpression
    | SCAN sequence (COMMA sequence)* ALONG additive scanOption*
      (WITH carry (COMMA carry)*)? block                                                  # scanExpression
    | GROUP_PAREN recordField (COMMA recordField)* COMMA? RIGHT_PAREN       # recordLiteral
    | GROUP_PAREN expression (COMMA expression)* COMMA? RIGHT_PAREN         # groupOrTuple
    | LIST_BRACKET (expression (COMMA expression)* COMMA?)? RIGHT_BRACKET # listLiteral
    | reference                                                                           # nameReference
    ;

recordField : name COLON expression ;

sequence : binding IN expression ;

scanOption : REVERSE | LENGTHS COLON additive ;

carry : VAR name (COLON type)? ASSIGN expression ;

// ---- data

dataBody : LEFT_BRACE dataSentence* RIGHT_BRACE ;

dataSentence
    : SPLIT percent SLASH percent SLASH percent splitOption*     # splitSentence
    | INTEGER FOLDS splitOption*                                 # foldsSentence
    | DROP MISSING (IN columnList)?                              # dropMissingSentence
    | DROP DUPLICATES                                            # dropDuplicatesSentence
    | (CLIP | DROP) OUTLIERS OF columnList BY (IQR | Z) number   # outliersSentence
    | name ASSIGN expression                                     # definitionSentence
    ;

percent : number PERCENT ;

splitOption : STRATIFIED BY name | ORDERED | RANDOM | SEED INTEGER ;

columnList : column (COMMA column)* ;

column : name | STRING ;

// ---- train

trainBody : LEFT_BRACE trainSentence* RIGHT_BRACE ;

trainSentence
    : minimize                                                                    # minimizeSentence
    | EACH STEP LEFT_BRACE minimize* RIGHT_BRACE                                  # eachStepSentence
    | CLASS_WEIGHT (BALANCED | weights) BY name                                   # classWeightSentence
    | BATCH INTEGER                                                               # batchSentence
    | EPOCHS INTEGER                                                              # epochsSentence
    | STOP AFTER INTEGER EPOCHS WITHOUT BETTER measureName                        # stopWithoutBetterSentence
    | STOP WHEN measureName CHANGES BY LESS_WORD THAN number FOR INTEGER EPOCHS   # stopWhenStableSentence
    | CLIP (NORM | VALUE) number                                                  # clipSentence
    | PENALTY (L1 | L2) number (OVER patternList)?                                # penaltySentence
    | VALIDATE WITH INTEGER FOLDS splitOption*                                    # validateSentence
    | CHECKPOINT EVERY INTEGER EPOCHS                                             # checkpointSentence
    | SEED INTEGER                                                                # seedSentence
    | LOG EVERY INTEGER STEPS                                                     # logSentence
    | AUGMENT name WITH expression (COMMA expression)*                            # augmentSentence
    | DISTILL postfix WITH postfix                                                # distillSentence
    | MEASURE measure (COMMA measure)*                                            # measureSentence
    | REQUIRE requirement (COMMA requirement)*                                    # requireSentence
    ;

minimize : MINIMIZE postfix (OVER patternList)? WITH postfix ;

weights : (LEFT_BRACKET | LIST_BRACKET) number (COMMA number)* COMMA? RIGHT_BRACKET ;

patternList : pattern (COMMA pattern)* ;

pattern : STRING | name (DOT (name | INTEGER))* ;

measure : postfix (AS name)? ;

measureName : name ;

requirement : postfix (comparator | WITHIN) number unit? ;

unit : PERCENT | KB | MB | GB | MILLISECONDS | MICROSECONDS ;

number : MINUS? (INTEGER | FLOAT) ;

// ---- compress

compressBody : LEFT_BRACE compressSentence* RIGHT_BRACE ;

compressSentence
    : PRUNE ((MAGNITUDE | MOVEMENT) number (OF EACH)? | STRUCTURED number | INTEGER COLON INTEGER) (OVER patternList)?
      REWIND? (DURING INTEGER EPOCHS)?                                                    # pruneSentence
    | FACTORIZE ERROR number (OVER patternList)? (DURING INTEGER EPOCHS)?            # factorizeSentence
    | QUANTIZE WEIGHTS? name (INPUTS name)? (GROUP INTEGER)? (BUDGET percent)? (OVER patternList)?
      (CALIBRATED ON INTEGER OF name (DOT name)? (BY reference number?)?)?
      (DURING (TRAINING | INTEGER EPOCHS))?                                         # quantizeSentence
    | REQUIRE requirement (COMMA requirement)*                                    # compressRequireSentence
    ;

// ---- names: every word but the reserved ones

name : reference | AND | OR | NOT | AS | ELSE | TRUE | FALSE ;

reference
    : IDENTIFIER | QUOTED
    | DATA | TRAIN | COMPRESS | ON | INPUT | STREAM | WHERE | CSR | IN | EMIT | ALONG | WITH | REVERSE
    | LENGTHS | SPLIT | FOLDS | DROP | MISSING | DUPLICATES | CLIP | OUTLIERS | OF | BY | IQR | Z
    | STRATIFIED | ORDERED | RANDOM | SEED | EACH | STEP | STEPS | CLASS_WEIGHT | BALANCED | BATCH
    | EPOCHS | STOP | AFTER | WITHOUT | BETTER | WHEN | CHANGES | LESS_WORD | THAN | NORM | VALUE
    | PENALTY | L1 | L2 | OVER | VALIDATE | CHECKPOINT | EVERY | LOG | AUGMENT | MEASURE | REQUIRE
    | DISTILL | MINIMIZE | KB | MB | GB | MILLISECONDS | MICROSECONDS | PRUNE | MAGNITUDE | STRUCTURED | DURING
    | QUANTIZE | WEIGHTS | INPUTS | GROUP | CALIBRATED | TRAINING | WITHIN | FACTORIZE | ERROR | BUDGET | MOVEMENT | REWIND
    ;

// ---- reserved words

MODEL : 'model' ;
LAYER : 'layer' ;
FN : 'fn' ;
LET : 'let' ;
VAR : 'var' ;
PARAM : 'param' ;
STATE : 'state' ;
CACHE : 'cache' ;
IF : 'if' ;
FOR : 'for' ;
SCAN : 'scan' ;
IMPORT : 'import' ;
EXPORT : 'export' ;

// ---- contextual words

AND : 'and' ;
OR : 'or' ;
NOT : 'not' ;
AS : 'as' ;
ELSE : 'else' ;
TRUE : 'true' ;
FALSE : 'false' ;
DATA : 'data' ;
TRAIN : 'train' ;
COMPRESS : 'compress' ;
ON : 'on' ;
INPUT : 'input' ;
STREAM : 'stream' ;
WHERE : 'where' ;
CSR : 'csr' ;
IN : 'in' ;
EMIT : 'emit' ;
ALONG : 'along' ;
WITH : 'with' ;
REVERSE : 'reverse' ;
LENGTHS : 'lengths' ;
SPLIT : 'split' ;
FOLDS : 'folds' ;
DROP : 'drop' ;
MISSING : 'missing' ;
DUPLICATES : 'duplicates' ;
CLIP : 'clip' ;
OUTLIERS : 'outliers' ;
OF : 'of' ;
BY : 'by' ;
IQR : 'iqr' ;
Z : 'z' ;
STRATIFIED : 'stratified' ;
ORDERED : 'ordered' ;
RANDOM : 'random' ;
SEED : 'seed' ;
EACH : 'each' ;
STEP : 'step' ;
STEPS : 'steps' ;
CLASS_WEIGHT : 'class_weight' ;
BALANCED : 'balanced' ;
BATCH : 'batch' ;
EPOCHS : 'epochs' ;
STOP : 'stop' ;
AFTER : 'after' ;
WITHOUT : 'without' ;
BETTER : 'better' ;
WHEN : 'when' ;
CHANGES : 'changes' ;
LESS_WORD : 'less' ;
THAN : 'than' ;
NORM : 'norm' ;
VALUE : 'value' ;
PENALTY : 'penalty' ;
L1 : 'l1' ;
L2 : 'l2' ;
OVER : 'over' ;
VALIDATE : 'validate' ;
CHECKPOINT : 'checkpoint' ;
EVERY : 'every' ;
LOG : 'log' ;
AUGMENT : 'augment' ;
DISTILL : 'distill' ;
MEASURE : 'measure' ;
REQUIRE : 'require' ;
MINIMIZE : 'minimize' ;
KB : 'KB' ;
MB : 'MB' ;
GB : 'GB' ;
MILLISECONDS : 'ms' ;
MICROSECONDS : 'us' ;
PRUNE : 'prune' ;
MAGNITUDE : 'magnitude' ;
STRUCTURED : 'structured' ;
DURING : 'during' ;
FACTORIZE : 'factorize' ;
ERROR : 'error' ;
BUDGET : 'budget' ;
MOVEMENT : 'movement' ;
REWIND : 'rewind' ;
QUANTIZE : 'quantize' ;
WEIGHTS : 'weights' ;
INPUTS : 'inputs' ;
GROUP : 'group' ;
CALIBRATED : 'calibrated' ;
WITHIN : 'within' ;
TRAINING : 'training' ;

// ---- signs

PIPE : '|>' ;
ARROW : '->' ;
ELLIPSIS : '...' ;
RANGE : '..' ;
CONCAT : '++' ;
EQUAL : '==' ;
NOT_EQUAL : '!=' ;
LESS_EQUAL : '<=' ;
GREATER_EQUAL : '>=' ;
LESS : '<' ;
GREATER : '>' ;
ASSIGN : '=' ;
PLUS : '+' ;
MINUS : '-' ;
STAR : '*' ;
SLASH : '/' ;
AT : '@' ;
CARET : '^' ;
PERCENT : '%' ;
DOT : '.' ;
COMMA : ',' ;
COLON : ':' ;
LEFT_PAREN : '(' ;
RIGHT_PAREN : ')' ;
LEFT_BRACKET : '[' ;
RIGHT_BRACKET : ']' ;
LEFT_BRACE : '{' ;
RIGHT_BRACE : '}' ;

// ---- literals and names

FLOAT : DIGITS '.' DIGITS EXPONENT? | DIGITS EXPONENT ;
INTEGER : DIGITS ;
STRING : '"' (~["\\\r\n] | '\\' ~[\r\n])* '"' ;
QUOTED : '`' ~[`\r\n]+ '`' ;
IDENTIFIER : ([a-zA-Z_] | WIDE {beginsName()}?) ([a-zA-Z0-9_] | WIDE {continuesName()}?)* ;

fragment WIDE : [\u0080-\u{10FFFF}] ;
fragment DIGITS : [0-9] [0-9_]* ;
fragment EXPONENT : [eE] [+-]? DIGITS ;

// ---- between tokens

DOC_COMMENT : '///' ~[\r\n]* -> channel(2) ;
COMMENT : '//' ~[\r\n]* -> channel(2) ;
SPACE : [ \t\r\n\f\u00A0\uFEFF]+ -> channel(HIDDEN) ;

// ---- reported by TokenPreparation, so that the lexer itself never fails

UNCLOSED_STRING : '"' (~["\\\r\n] | '\\' ~[\r\n])* '\\'? ;
UNCLOSED_QUOTED : '`' ~[`\r\n]* ;
UNKNOWN : . ;
