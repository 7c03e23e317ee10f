/**
 * Runs a shell command and signs what it did as evidence, stashed to be handed on to the ledger.
 *
 *   pratiqueAttest(application: 'portal', step: 'unit', machine: 'jenkins', logKey: env.PORTAL_LOG_KEY,
 *                  credentials: 'pratique-key', reports: ['junit=reports/*.xml'], suite: 'unit',
 *                  command: 'make test')
 *
 * `credentials` is the id of a secret file that holds the machine's private key. What is given is
 * passed by environment: nothing of it is part of the script's text.
 */
def call(Map given) {
    def missing = ['application', 'step', 'machine', 'logKey', 'credentials', 'command'].findAll { name -> !given[name] }
    if (missing) {
        error("pratiqueAttest: missing ${missing.join(', ')}")
    }
    String spool = given.spool ? given.spool : 'pratique-evidence'
    List<String> variables = [
        "PRATIQUE_ATTEST_APPLICATION=${given.application}",
        "PRATIQUE_ATTEST_STEP=${given.step}",
        "PRATIQUE_ATTEST_COMMAND=${given.command}",
        "PRATIQUE_ATTEST_REPORTS=${(given.reports ? given.reports : []).join('\n')}",
        "PRATIQUE_ATTEST_SUITE=${given.suite ? given.suite : ''}",
        "PRATIQUE_MACHINE=${given.machine}",
        "PRATIQUE_LOG_KEY=${given.logKey}",
        "PRATIQUE_SPOOL=${spool}",
    ]
    try {
        withCredentials([file(credentialsId: given.credentials, variable: 'PRATIQUE_KEY')]) {
            withEnv(variables) {
                sh(label: "attest ${given.step}", script: libraryResource('pratique-attest.sh'))
            }
        }
    } finally {
        // Also after a failure: evidence that a step failed is evidence.
        stash(name: "pratique-${given.step}", includes: "${spool}/**", allowEmpty: true)
    }
}
