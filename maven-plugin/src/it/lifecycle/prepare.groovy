// The key that the first module's jar is signed with.
def keytool = new File(System.getProperty('java.home'), 'bin/keytool')
def store = new File(basedir, 'keys.p12')
store.delete()
def made = [keytool.path, '-genkeypair', '-keystore', store.path, '-storetype', 'PKCS12', '-storepass', 'changeit',
  '-alias', 'publisher', '-keyalg', 'EC', '-dname', 'CN=Publisher', '-validity', '9999'].execute()
assert made.waitFor() == 0 : made.text
true
