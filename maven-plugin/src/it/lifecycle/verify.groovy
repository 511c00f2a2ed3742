def log = new File(basedir, 'build.log').getText('UTF-8')
def runs = log.split('\\[INFO\\] Scanning for projects').drop(1)
assert runs.length == 5

// 1: both are trained, and their baselines stored.
['First', 'Second'].each { assert runs[0].contains("training ${it}: no training of it is kept in .modelc") }
assert runs[0].contains('these figures are the baseline from now on')

// 2: `clean` loses no training; the class file and the parameters are in the module's jar all the same.
assert !runs[1].contains('training First')
assert runs[1].contains('First is trained; its parameters are those kept in')
def jar = new java.util.zip.ZipFile(new File(basedir, 'first/target/first-1.0.jar'))
['models/First.class', 'models/FirstPredictProgram.class', 'META-INF/modelc/First.safetensors', 'org/example/Use.class'].each {
  assert jar.getEntry(it) != null : it
}
jar.close()

// The second module asks for native code: its library is a resource like the rest.
def nativeJar = new java.util.zip.ZipFile(new File(basedir, 'second/target/second-1.0.jar'))
assert nativeJar.entries().any { it.name ==~ /META-INF\/modelc\/Second-.*\.(so|dll|dylib)/ }
nativeJar.close()
assert new File(basedir, 'first/target/reports/modelc/First-report.html').text.contains('First')

// 3: a figure beyond its limit fails the build with a table of was, is and limit.
assert runs[2].contains('BUILD FAILURE')
assert runs[2] =~ /figure +was +is +limit/
assert runs[2] =~ /jar, bytes +[\d,.]+ +[\d,.]+ +[\d,.]+ +WORSE: against the baseline/

// 4: a mistake is told with file, line and column, as the Java compiler's are.
assert runs[3].contains('BUILD FAILURE')
assert runs[3] =~ /\[ERROR\] .*src.main.broken.line\.model:\[7,21\] E101 /
assert !runs[3].contains('\tat org.modelc')

// 5: help names the goals; bench measures.
['modelc:compile', 'modelc:train', 'modelc:verify', 'modelc:bench', 'modelc:report'].each { assert runs[4].contains(it) }
assert runs[4] =~ /First\.predict, batch 1: median [\d.]+ µs/

// The built jar runs with the runtime beside it and nothing else.
def runtime = new File(localRepositoryPath, 'org/modelc/modelc-runtime').listFiles().find { it.directory }
def runtimeJar = runtime.listFiles().find { it.name.endsWith('.jar') }
def java = new File(System.getProperty('java.home'), 'bin/java')
def separator = System.getProperty('path.separator')
def process = [java.path, '-cp', "${new File(basedir, 'first/target/first-1.0.jar')}${separator}${runtimeJar}", 'org.example.Use'].execute()
assert process.text.trim() == '9'
true
