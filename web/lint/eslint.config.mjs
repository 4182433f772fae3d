// Rules for the client's TypeScript: faults that types show, the rules of hooks, and which folder may see which (ARCHITECTURE.md). These
// packages stand apart from web/package.json, because typescript-eslint needs the compiler's API, which TypeScript 7.0 does not have.
// Run from web/ by scripts/lint:  lint/node_modules/.bin/eslint --config lint/eslint.config.mjs src client vite
import hooks from 'eslint-plugin-react-hooks';
import { config, configs } from 'typescript-eslint';

/** What the files of a folder may not import: patterns of folders and packages. */
const kForbidden = {
  state: ['react', 'react-dom', '**/wire/{rest,link,socket}*', '**/app/**', '**/ui/**', '**/media/**'],
  wire: ['react', 'react-dom', '**/app/**', '**/ui/**', '**/media/**'],
  media: ['react', 'react-dom', '**/app/**', '**/ui/**'],
  ui: ['**/wire/**', '**/app/**', '**/media/**', 'socket.io-client'],
  sw: ['react', 'react-dom', '**/wire/**', '**/state/**', '**/app/**', '**/ui/**', '**/media/**'],
};

const ownership = Object.entries(kForbidden).map(([folder, patterns]) => ({
  files: [`src/${folder}/**/*.{ts,tsx}`],
  ignores: ['**/*.test.{ts,tsx}'],
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ group: patterns, message: `${folder}/ may not see this; see ARCHITECTURE.md.` }] }],
  },
}));

/** Requests are functions of wire/, so that one folder knows the paths. The service worker is built by itself, without it. */
const paths = {
  files: ['src/{app,media,state,ui}/**/*.{ts,tsx}'],
  ignores: ['**/*.test.{ts,tsx}', '**/*_for_tests.ts'],
  rules: {
    'no-restricted-syntax': ['error', ...['Literal[value=/^.api./]', 'TemplateElement[value.raw=/^.api./]'].map((selector) => (
      { selector, message: 'A path of the server belongs into a function of wire/*_api.ts.' }))],
  },
};

export default config(
  ...configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: ['tsconfig.json', 'src/sw/tsconfig.json'], tsconfigRootDir: process.cwd() } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { 'react-hooks': hooks },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': ['error', { allow: ['error'] }],
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Actions are functions in an object, none of which uses `this`; the types say methods.
      '@typescript-eslint/unbound-method': 'off',
      // What a port promises, a fake may have at once.
      '@typescript-eslint/require-await': 'off',
      // `'a' | 'b' | string` lists known words for the reader.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  ...ownership,
  paths,
);
