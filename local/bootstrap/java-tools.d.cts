/** The major version out of the text of `java -version`. */
export function javaMajor(output: string): number | undefined;
/** One line that says what to install, or nothing when Java is there and new enough. */
export function javaProblem(): string | undefined;
/** One line that says what to install, or nothing when Maven is there. */
export function mavenProblem(): string | undefined;
