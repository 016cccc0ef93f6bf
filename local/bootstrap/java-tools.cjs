/**
 * Owns the check for Java and Maven. Plain JavaScript, since the bootstrap asks it on a clone
 * where nothing is installed yet.
 */
'use strict';

const { spawnSync } = require('node:child_process');

/** Apicurio 3.0 and Kafka 4.4 both run on 17; an older one fails with class file errors. */
const JAVA_VERSION_MIN = 17;

const JAVA_HINT =
  `Install a JDK ${JAVA_VERSION_MIN} or newer ` +
  '(Debian and Ubuntu: "apt install openjdk-17-jdk-headless"; macOS: "brew install openjdk@17"; ' +
  'else https://adoptium.net), or start with STACK=docker.';
const MAVEN_HINT =
  'Install Apache Maven 3.6 or newer (Debian and Ubuntu: "apt install maven"; ' +
  'macOS: "brew install maven"), or start with STACK=docker.';

/**
 * The major version out of `java -version`, which old releases write as 1.8.
 * @param {string} output
 * @returns {number | undefined}
 */
function javaMajor(output) {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match ? Number(match[1]) : undefined;
}

/** @returns {string | undefined} one line that says what to install, or nothing */
function javaProblem() {
  const run = spawnSync('java', ['-version'], { encoding: 'utf8' });
  if (run.error || run.status !== 0) return `Java is missing. ${JAVA_HINT}`;
  const major = javaMajor(run.stderr + run.stdout);
  if (major === undefined) return `The version of Java cannot be told. ${JAVA_HINT}`;
  return major < JAVA_VERSION_MIN ? `Java ${major} is too old. ${JAVA_HINT}` : undefined;
}

/** @returns {string | undefined} one line that says what to install, or nothing */
function mavenProblem() {
  const run = spawnSync('mvn', ['-v'], { encoding: 'utf8' });
  return run.error || run.status !== 0 ? `Maven is missing. ${MAVEN_HINT}` : undefined;
}

module.exports = { javaMajor, javaProblem, mavenProblem };
