import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import vue from 'eslint-plugin-vue';
import { zones } from './import-zones.mjs';

/** Wall-clock time and chance, banned where a replay must give the same result. */
const bannedProperties = [
  { object: 'Date', property: 'now', message: 'Take the time from context.now or a Clock.' },
  { object: 'Math', property: 'random', message: 'Handlers are pure; derive ids from the event.' },
  { object: 'crypto', property: 'randomUUID', message: 'Derive ids with eventId().' },
];
const bannedGlobals = ['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({
  name,
  message: 'Wait through the Clock, so that tests can drive it.',
}));

export default tseslint.config(
  {
    ignores: [
      'node_modules',
      'schemas/generated',
      'edge/contract/generated',
      'var',
      'dist',
      'local/services/maven/target',
      'coverage',
      'eslint.config.mjs',
      'import-zones.mjs',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './dashboard/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })],
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      'import-x/no-default-export': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
        {
          selector: "CallExpression[callee.object.name='process'][callee.property.name='exit']",
          message:
            'It drops what a slow pipe has not taken yet: endCommand of platform/command-end.',
        },
      ],
      'max-lines-per-function': ['error', { max: 90, skipComments: true, skipBlankLines: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: [
      'platform/**/*.ts',
      'streams/**/*.ts',
      'topics/**/*.ts',
      'schemas/**/*.ts',
      'proof/simulation/**/*.ts',
    ],
    rules: {
      'no-restricted-properties': ['error', ...bannedProperties],
      'no-restricted-globals': ['error', ...bannedGlobals],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'node:crypto', importNames: ['randomUUID', 'randomBytes'] },
            { name: 'uuid', importNames: ['v1', 'v4', 'v7'] },
            { name: 'node:timers/promises' },
          ],
        },
      ],
    },
  },
  {
    files: ['platform/clock.ts', 'streams/runtime/identity.ts'],
    rules: {
      'no-restricted-properties': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-imports': 'off',
    },
  },
  {
    files: ['local/**/*.ts', 'proof/**/*.ts', 'tools/**/*.{ts,mts}', 'schemas/generate.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // Those below a supervisor, whose log is a file or nobody's.
    files: ['platform/command-end.ts', 'edge/server.ts', 'streams/main.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', 'no-restricted-syntax': 'off' },
  },
  {
    files: ['dashboard/**/*.vue'],
    extends: [...vue.configs['flat/recommended']],
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        project: './dashboard/tsconfig.json',
        extraFileExtensions: ['.vue'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  {
    files: ['vite.config.ts', 'dashboard/vite.config.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  prettier,
);
