def log = new File(basedir, 'build.log').getText('UTF-8')
def runs = log.split('\\[INFO\\] Scanning for projects').drop(1)
assert runs.length == 7

// 1: both are trained, and the third module compiled against their classes.
assert runs[0].contains('BUILD SUCCESS')
['First', 'Second'].each { assert runs[0].contains("training ${it}: no training of it is kept in .modelc") }
// 2: their baselines are stored; `clean` loses no training; the class file and the parameters are in the module's jar all the same.
assert !runs[1].contains('training First')
assert runs[1].contains('these figures are the baseline from now on')
assert runs[1].contains('First is trained; its parameters are those kept in')
def jar = new java.util.zip.ZipFile(new File(basedir, 'first/target/first-1.0.jar'))
['models/First.class', 'models/FirstPredictProgram.class', 'META-INF/modelc/First.safetensors', 'org/example/Use.class'].each {
  assert jar.getEntry(it) != null : it
}
jar.close()

// It is signed.
def jarsigner = new File(System.getProperty('java.home'), 'bin/jarsigner')
def signature = [jarsigner.path, '-verify', new File(basedir, 'first/target/first-1.0.jar').path].execute()
assert signature.text.contains('jar verified')

// The second module asks for native code: its library is a resource like the rest.
def nativeJar = new java.util.zip.ZipFile(new File(basedir, 'second/target/second-1.0.jar'))
assert nativeJar.entries().any { it.name ==~ /META-INF\/modelc\/Second-.*\.(so|dll|dylib)/ }
nativeJar.close()
assert new File(basedir, 'first/target/reports/modelc/First-report.html').text.contains('First')

// 4: a figure beyond its limit fails the build with a table of was, is and limit.
assert runs[3].contains('BUILD FAILURE')
assert runs[3] =~ /figure +was +is +limit/
assert runs[3] =~ /jar, bytes +[\d,.]+ +[\d,.]+ +[\d,.]+ +WORSE: against the baseline/

// 5: a mistake is told with file, line and column, as the Java compiler's are.
assert runs[4].contains('BUILD FAILURE')
assert runs[4] =~ /\[ERROR\] .*src.main.broken.line\.model:\[7,21\] E101 /
assert !runs[4].contains('\tat org.modelc')

// 6: help names the goals; bench measures.
['modelc:compile', 'modelc:train', 'modelc:verify', 'modelc:bench', 'modelc:report'].each { assert runs[5].contains(it) }
assert runs[5] =~ /First\.predict, batch 1: median [\d.]+ µs/

// 7: without javac nothing is tried.
assert runs[6].contains('this Java has no compiler')
assert runs[6].contains('run Maven with a JDK')
assert !runs[6].contains('\tat org.modelc')

// The built jar runs with the runtime beside it and nothing else.
def runtime = new File(localRepositoryPath, 'org/modelc/modelc-runtime').listFiles().find { it.directory }
def runtimeJar = runtime.listFiles().find { it.name.endsWith('.jar') }
def java = new File(System.getProperty('java.home'), 'bin/java')
def separator = System.getProperty('path.separator')
def path = ['first', 'second', 'use'].collect { new File(basedir, "${it}/target/${it}-1.0.jar").path } + [runtimeJar.path]
def run(command, environment) {
  def process = new ProcessBuilder(command).redirectErrorStream(true)
  ['MODELC_KEY', 'MODELC_KEY_FILE'].each { process.environment().remove(it) }
  process.environment().putAll(environment)
  process.start().text
}
def key = '0a0b0c0d0e0f00010203040506070809aaabacadaeafa0a1a2a3a4a5a6a7a8a9'
def command = [java.path, '-cp', path.join(separator)]
assert run(command + 'org.example.Use', [:]).trim() == '9'

// So do both, from the module that uses them, once the key of the second is there.
assert run(command + 'org.example.use.Both', [MODELC_KEY: key]).readLines() == ['9', '9']
assert run(command + 'org.example.use.Both', [:]).contains('are encrypted and there is no key')

true
