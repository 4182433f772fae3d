// The 52 tests of seed 001's QA report (SPEC 1.6), against one running server under --virtual-time. qa.test.mjs runs them once
// per database.
import { kCalls } from './qa/calls.mjs';
import { kEvents } from './qa/events.mjs';
import { kRefusals } from './qa/refusals.mjs';
import { kRequests } from './qa/requests.mjs';

export const kTests = { ...kRequests, ...kCalls, ...kEvents, ...kRefusals };
