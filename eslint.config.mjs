// Rules for JavaScript that have to do with faults, not with looks; scripts/lint runs them. ESLint comes with the packages of
// tests/e2e. It cannot see types, so it knows those promises by name whose waiting is the point of a test.
const kNode = ['AbortController', 'AbortSignal', 'Blob', 'Buffer', 'FormData', 'TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams',
  'WebSocket', 'clearImmediate', 'clearInterval', 'clearTimeout', 'console', 'fetch', 'performance', 'process', 'queueMicrotask',
  'setImmediate', 'setInterval', 'setTimeout', 'structuredClone'];
const kBrowser = ['Image', 'KeyboardEvent', 'MediaStream', 'MediaStreamTrack', 'MutationObserver', 'PerformanceObserver', 'RTCPeerConnection', 'URL',
  'addEventListener', 'alert', 'caches', 'clearInterval', 'clearTimeout', 'console', 'document', 'fetch', 'io', 'location', 'localStorage', 'navigator',
  'requestAnimationFrame', 'requestIdleCallback', 'sessionStorage', 'setInterval', 'setTimeout', 'window'];
const readonly = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

const kMissingAwait = 'Without await (or return) this promise is not waited for, and its failure is nobody\'s.';

export default [
  {
    files: ['**/*.js', '**/*.mjs'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: { ecmaVersion: 2022, sourceType: 'module', globals: readonly(kNode) },
    rules: {
      'array-callback-return': 'error',
      'constructor-super': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-async-promise-executor': 'error',
      'no-compare-neg-zero': 'error',
      'no-cond-assign': 'error',
      'no-const-assign': 'error',
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-dupe-args': 'error',
      'no-dupe-else-if': 'error',
      'no-dupe-keys': 'error',
      'no-duplicate-case': 'error',
      'no-fallthrough': 'error',
      'no-loss-of-precision': 'error',
      'no-redeclare': 'error',
      'no-restricted-syntax': ['error',
        { selector: 'ExpressionStatement > CallExpression[callee.name=/^(eventually|within|quietFor)$/]', message: kMissingAwait },
        { selector: 'ExpressionStatement > CallExpression[callee.property.name=/^(next|rejects|doesNotReject)$/]', message: kMissingAwait }],
      'no-self-assign': 'error',
      'no-self-compare': 'error',
      'no-shadow-restricted-names': 'error',
      'no-template-curly-in-string': 'error',
      'no-undef': 'error',
      'no-unreachable': 'error',
      'no-unsafe-finally': 'error',
      'no-unsafe-negation': 'error',
      'no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'no-use-before-define': ['error', { functions: false, variables: false }],
      'no-var': 'error',
      'prefer-const': 'error',
      'require-yield': 'error',
      'use-isnan': 'error',
      'valid-typeof': 'error',
    },
  },
  // Functions that a test hands to a page run there.
  { files: ['tests/e2e/**/*.{js,mjs}'], languageOptions: { globals: readonly(kBrowser) } },
];
