/**
 * Owns the ways a local stack can fail. Each message is one that a developer can act on: it says
 * what is wrong and what to do, so a command prints it alone, without a stack trace.
 */

export type StackErrorCode =
  | 'JAVA_MISSING'
  | 'MAVEN_MISSING'
  | 'INSTALL_FAILED'
  | 'STACK_RUNNING'
  | 'PORTS_TAKEN'
  | 'FOLDER_CLOSED'
  | 'NAMED_SERVICE_SILENT'
  | 'PROCESS_NOT_READY'
  | 'PROCESS_EXITED'
  | 'DOCKER_FAILED'
  | 'BUILD_FAILED'
  | 'BAD_ARGUMENTS'
  | 'STOPPED';

export class StackError extends Error {
  constructor(
    readonly code: StackErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'StackError';
  }
}
