// All that the interface says, in English. Each area has a file of its own; another language is a set of files with the same exports.
export * as page from './words/page.en.ts';
export * as chat from './words/chat.en.ts';
export * as call from './words/call.en.ts';
export * as media from './words/media.en.ts';
export * as format from './words/format.en.ts';
