/// Texts that are wrong, and what is said of each.
typealias Mistake = (String, String)

private let head = "version: 1\napplication: {name: app}\n"

let fileMistakes: [Mistake] = [
  ("", "pratique.yaml: the file is empty"),
  ("[]", "pratique.yaml:1:1: expected a pipeline as a mapping, found a list"),
  (
    head + "stages: [\n",
    "pratique.yaml:4:1: not well-formed YAML: did not find expected node content"
  ),
  (
    head + "stage:\n  a: 1\n",
    "pratique.yaml:3:1: \"stage\" is not a key of a pipeline; did you mean \"stages\"?"
  ),
  ("application: {name: app}\n", "pratique.yaml:1:1: a pipeline needs \"version\""),
  (
    "version: 2\napplication: {name: app}\n",
    "pratique.yaml:1:10: expected \"version\" as an integer from 1 to 1"
  ),
  ("version: 1\nstages: {}\n", "pratique.yaml:1:1: a pipeline needs \"application\""),
  (
    "version: 1\napplication: {name: My App}\n",
    "pratique.yaml:2:21: \"My App\" cannot name an application: expected 1 to 64 of a-z, 0-9, "
      + "\".\", \"_\" and \"-\", the first a letter or digit"
  ),
  (
    "version: 1\napplication: {name: a, handles-phi: maybe}\n",
    "pratique.yaml:2:37: expected \"handles-phi\" as true or false, found a string"
  ),
  (head, "pratique.yaml:1:1: a pipeline needs at least one stage under \"stages\""),
  (
    head + "stages:\n  s: {steps: {}}\n",
    "pratique.yaml:4:3: the stage \"s\" needs at least one step"
  ),
  (
    head + "stages:\n  S: {steps: {a: {run: x}}}\n",
    "pratique.yaml:4:3: \"S\" cannot name a stage: expected 1 to 64 of a-z, 0-9, \".\", \"_\" "
      + "and \"-\", the first a letter or digit"
  ),
  (
    head + "stages:\n  s: {steps: {a: {run: x}}}\n  s: {steps: {a: {run: x}}}\n",
    "pratique.yaml:4:3: the key \"s\" stands twice in one mapping"
  ),
  (
    head + "stages:\n  build: {steps: {a: {run: x}}}\n  t: {needs: biuld, steps: {a: {run: x}}}\n",
    "pratique.yaml:5:14: there is no stage \"biuld\"; did you mean \"build\"?"
  ),
  (
    head + "stages:\n  a: {needs: c, steps: {x: {run: x}}}\n  b: {steps: {x: {run: x}}}\n"
      + "  c: {steps: {x: {run: x}}}\n",
    "pratique.yaml:5:3: the stages wait for each other: a → c → b → a"
  ),
]

let stepMistakes: [Mistake] = [
  ("timout: 3s", "7:9: \"timout\" is not a key of a step; did you mean \"timeout\"?"),
  ("timeout: 3s", "6:7: the step \"a\" needs \"run\" or \"uses\""),
  ("run: x\nuses: gate", "8:15: the step \"a\" has both \"run\" and \"uses\"; keep one"),
  (
    "run: {a: b}",
    "7:14: expected \"run\" as a text for the shell or a list of texts, found a mapping"
  ),
  ("run: []", "7:14: \"run\" needs a program as its first element"),
  ("run: [sh, 1]", "7:19: expected a text, found an integer; put it in quotes"),
  ("run: 5", "7:14: expected a text, found an integer; put it in quotes"),
  ("run: x\nwith: {a: b}", "8:15: \"with\" belongs to \"uses\""),
  ("uses: image/bild", "7:15: there is no action \"image/bild\"; did you mean \"image/build\"?"),
  (
    "uses: gate",
    "7:15: the action \"gate\" needs \"with: {environment: …}\""
  ),
  (
    "uses: gate\nwith: {enviroment: x}",
    "8:16: \"enviroment\" is not a key of the parameters of \"gate\"; did you mean "
      + "\"environment\"?"
  ),
  (
    "uses: gate\nwith: {}",
    "8:15: the parameters of \"gate\" needs \"environment\""
  ),
  (
    "uses: image/scan\nwith: {severity: hihg}",
    "8:26: \"hihg\" is not a value of \"severity\"; did you mean \"high\"?"
  ),
  (
    "uses: image/scan\nwith: {limit: 10}",
    "8:23: expected \"limit\" as an integer from 1 to 9"
  ),
  ("uses: release/bind\nwith: {x: y}", "8:15: the action \"release/bind\" takes no parameters"),
  (
    "uses: release/bind\nexecutor: process",
    "8:19: \"executor\" belongs to \"run\"; the action \"release/bind\" has no use for it"
  ),
  (
    "uses: gate\nwith: {environment: p}\nretries: 1",
    "9:18: a gate is never retried; take \"retries\" away"
  ),
  (
    "uses: gate\nwith: {environment: p}\nwhen: always",
    "9:15: a gate has no condition; take \"when\" away"
  ),
  ("run: x\nneeds: b", "8:16: there is no step \"b\"; did you mean \"a\"?"),
  ("run: x\nneeds: [s/aa]", "8:17: there is no step \"s/aa\"; did you mean \"s/a\"?"),
  ("run: x\nneeds: a", "8:16: the steps wait for each other: s/a → s/a"),
  (
    "run: x\ntimeout: 5",
    "8:18: expected \"timeout\" as a length of time such as 500ms, 90s, 10m or 2h, found \"5\""
  ),
  ("run: x\ntimeout: 48h", "8:18: \"timeout\" must be from 1ms to 24h"),
  ("run: x\nretries: 11", "8:18: expected \"retries\" as an integer from 0 to 10"),
  (
    "run: x\nwhen: sometimes",
    "8:15: \"sometimes\" is not a value of \"when\"; expected one of on-success, on-failure, "
      + "always"
  ),
  (
    "run: x\nwhen: {brunch: x}",
    "8:16: \"brunch\" is not a key of a condition; did you mean \"branch\"?"
  ),
  (
    "run: x\ninputs: [/etc/passwd]",
    "8:18: \"/etc/passwd\" is no path below the workspace: it begins with \"/\""
  ),
  (
    "run: x\noutputs: a/../../b",
    "8:18: \"a/../../b\" is no path below the workspace: it has \".\" or \"..\" as a name"
  ),
  ("run: x\ndirectory: ../b", "8:20: \"../b\" is no folder below the workspace"),
  (
    "run: x\nenvironment: {pass: [SSH_AUTH_SOCK]}",
    "8:30: \"SSH_AUTH_SOCK\" is never given to a step, since it may lead to a signing key"
  ),
  (
    "run: x\nenvironment: {set: {PRATIQUE_KEY: x}}",
    "8:29: \"PRATIQUE_KEY\" is never given to a step, since it may lead to a signing key"
  ),
  ("run: x\nenvironment: {pass: [HOME]}", "8:30: \"HOME\" is given by the run itself"),
  (
    "run: x\nenvironment: {set: {A=B: x}}",
    "8:29: \"A=B\" cannot name an environment variable: expected letters, digits and \"_\""
  ),
  (
    "run: x\nenvironment: {pass: [A], set: {A: x}}",
    "8:40: the variable \"A\" is given twice"
  ),
  ("run: x\nsecrets: {A: {}}", "8:19: the secret \"A\" needs either \"file\" or \"environment\""),
  (
    "run: x\nexecutor: contaner",
    "8:19: \"contaner\" is not a value of \"executor\"; expected one of process"
  ),
  ("run: x\nexecutor: container", "8:19: a container needs its image: {container: {image: …}}"),
  (
    "run: x\nexecutor: {container: {image: --privileged}}",
    "8:39: \"--privileged\" cannot name an image"
  ),
  (
    "run: x\nexecutor: {container: {image: i}}\nenvironment: {pass: [CONTAINERS_CONF]}",
    "9:30: \"CONTAINERS_CONF\" would change podman itself; set it inside the container's command"
  ),
  ("run: x\nservices: [db]", "8:20: there is no service \"db\"; there is none"),
  (
    "run: x\nreports: [{path: a, format: junt, kind: test-result, suite: u}]",
    "8:37: \"junt\" is not a value of \"format\"; did you mean \"junit\"?"
  ),
  (
    "run: x\nreports: [{path: a, format: junit, kind: test-result}]",
    "8:19: a report needs \"suite\""
  ),
]

let serviceMistakes: [Mistake] = [
  ("db: {}", "9:3: the service \"db\" needs \"run\""),
  (
    "db: {run: x, ports: {P: 70000}}",
    "9:27: expected the port \"P\" as auto, or a port from 1 to 65535"
  ),
  (
    "db: {executor: {container: {image: i}}, ports: {P: auto}}",
    "9:54: expected the port \"P\" as a port from 1 to 65535"
  ),
  ("db: {run: x, ready: {interval: 1s}}", "9:23: a readiness check needs \"run\""),
]
