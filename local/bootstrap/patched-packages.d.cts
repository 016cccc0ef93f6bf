/** What a patch adds, by the file that it changes. */
export function linesAdded(patch: string): Map<string, string[]>;
/** Whether the packages below `root` carry what its patches/ changes in them. */
export function arePatched(root: string): boolean;
/** Applies the patches; one text that says what went wrong, or nothing. */
export function patchPackages(root: string): string | undefined;
