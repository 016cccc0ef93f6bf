/**
 * Owns the question whether node_modules holds what the lock file asks for. Times would not do:
 * every `npm install` of a developer writes the lock file last.
 */
'use strict';

/**
 * @param {Record<string, {version?: string, optional?: boolean}>} wanted "packages" of the lock file
 * @param {Record<string, {version?: string}>} installed the same of npm's node_modules/.package-lock.json
 * @returns {boolean}
 */
function areInstalled(wanted, installed) {
  return Object.entries(wanted).every(([folder, entry]) => {
    // The project itself.
    if (folder === '') return true;
    const found = installed[folder];
    // Packages for other systems stay away.
    return found === undefined ? entry.optional === true : found.version === entry.version;
  });
}

module.exports = { areInstalled };
